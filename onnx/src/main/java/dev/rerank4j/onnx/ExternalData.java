package dev.rerank4j.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files beside an ONNX file hold its weights: it names them where a tensor's bytes would stand. The format is
 * Protocol Buffers, and the numbers below are the fields of {@code onnx.proto}; what does not lead to a tensor is skipped
 * and not read, so that also a large file takes no time.
 */
final class ExternalData {

    private enum Message {
        MODEL, GRAPH, FUNCTION, NODE, ATTRIBUTE, SPARSE_TENSOR, TENSOR, ENTRY;

        private static final Map<Message, Map<Integer, Message>> FIELDS = Map.of(
                MODEL, Map.of(7, GRAPH, 25, FUNCTION),
                GRAPH, Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR),
                FUNCTION, Map.of(7, NODE),
                NODE, Map.of(5, ATTRIBUTE),
                ATTRIBUTE, Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE_TENSOR, 23, SPARSE_TENSOR),
                SPARSE_TENSOR, Map.of(1, TENSOR, 2, TENSOR),
                TENSOR, Map.of(13, ENTRY));
    }

    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int LONGEST_TEXT = 4096;
    private static final int DEEPEST = 100;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192).flip();
    private long position; // of the byte after the buffer's last
    private final Set<String> locations = new TreeSet<>();

    private ExternalData(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * {@return the files' paths as the ONNX file names them, from its folder on}
     *
     * @param onnx if it is no ONNX file, what could be read of it counts: who loads it says what is wrong
     */
    static Set<String> of(Path onnx) throws IOException {
        try (FileChannel channel = FileChannel.open(onnx)) {
            ExternalData data = new ExternalData(channel);
            try {
                data.read(Message.MODEL, channel.size(), 0);
            } catch (EOFException e) {
                // no ONNX file
            }
            return data.locations;
        }
    }

    private void read(Message message, long end, int depth) throws IOException {
        String key = "";
        while (at() < end) {
            long tag = number();
            int field = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> number();
                case 1 -> skip(8);
                case 2 -> {
                    long length = number();
                    if (length < 0 || length > end - at()) {
                        throw new EOFException();
                    }
                    Message inner = Message.FIELDS.getOrDefault(message, Map.of()).get(field);
                    if (inner != null && depth < DEEPEST) {
                        read(inner, at() + length, depth + 1);
                    } else if (message == Message.ENTRY && field == KEY && length <= LONGEST_TEXT) {
                        key = text((int) length);
                    } else if (message == Message.ENTRY && field == VALUE && key.equals("location")
                            && length <= LONGEST_TEXT) {
                        locations.add(text((int) length));
                    } else {
                        skip(length);
                    }
                }
                case 5 -> skip(4);
                default -> throw new EOFException();
            }
        }
    }

    private long at() {
        return position - buffer.remaining();
    }

    private void skip(long count) throws IOException {
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            position = at() + count;
            buffer.clear().flip();
        }
    }

    private int next() throws IOException {
        if (!buffer.hasRemaining()) {
            int count = channel.read(buffer.clear(), position);
            buffer.flip();
            if (count <= 0) {
                throw new EOFException();
            }
            position += count;
        }
        return buffer.get() & 0xff;
    }

    private long number() throws IOException {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = next();
            number |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return number;
            }
        }
        throw new EOFException();
    }

    private String text(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) next();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
