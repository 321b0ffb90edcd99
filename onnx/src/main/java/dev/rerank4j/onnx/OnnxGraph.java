package dev.rerank4j.onnx;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What has to be known of an ONNX file before ONNX Runtime reads it: read from its protocol buffers
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose numbers are passed over, so that a file of any size
 * takes no memory.
 *
 * @param operators names of the operators in it, those of nested graphs and functions too
 * @param externalData files that hold weights, as paths below the folder of the file
 */
record OnnxGraph(SortedSet<String> operators, SortedSet<String> externalData) {

    private static final int DEEPEST = 50;
    private static final int LONGEST_TEXT = 1 << 16;

    /**
     * @param in from its start to its end; is not closed
     * @throws StreamCorruptedException if it is no ONNX file
     * @throws IOException if it cannot be read
     */
    static OnnxGraph read(InputStream in) throws IOException {
        OnnxGraph graph = new OnnxGraph(new TreeSet<>(), new TreeSet<>());
        Reader reader = new Reader(new BufferedInputStream(in, 1 << 16), graph);
        try {
            reader.message(Message.MODEL, Long.MAX_VALUE, 0);
        } catch (EOFException e) {
            throw new StreamCorruptedException("the file ends too soon");
        }
        return new OnnxGraph(Collections.unmodifiableSortedSet(graph.operators),
                Collections.unmodifiableSortedSet(graph.externalData));
    }

    /** Whether a row's numbers depend on the other rows: the scale of quantized activations is taken over all of them. */
    boolean batchDependent() {
        return operators.stream().anyMatch(operator -> operator.startsWith("DynamicQuantize"));
    }

    /** Kinds of messages that lead to what is wanted. */
    private enum Message {
        MODEL, GRAPH, NODE, ATTRIBUTE, TENSOR, SPARSE_TENSOR, FUNCTION, ENTRY, TEXT, OTHER;

        /** What a field of it is. */
        Message field(int number) {
            return switch (this) {
                case MODEL -> number == 7 ? GRAPH : number == 25 ? FUNCTION : OTHER;
                case GRAPH -> switch (number) {
                    case 1 -> NODE;
                    case 5 -> TENSOR;
                    case 15 -> SPARSE_TENSOR;
                    default -> OTHER;
                };
                case NODE -> number == 4 ? TEXT : number == 5 ? ATTRIBUTE : OTHER;
                case ATTRIBUTE -> switch (number) {
                    case 5, 10 -> TENSOR;
                    case 6, 11 -> GRAPH;
                    case 22, 23 -> SPARSE_TENSOR;
                    default -> OTHER;
                };
                case SPARSE_TENSOR -> number == 1 || number == 2 ? TENSOR : OTHER;
                case FUNCTION -> number == 7 ? NODE : number == 11 ? ATTRIBUTE : OTHER;
                case TENSOR -> number == 13 ? ENTRY : OTHER;
                case ENTRY -> number == 1 || number == 2 ? TEXT : OTHER;
                case TEXT, OTHER -> OTHER;
            };
        }
    }

    private static final class Reader {

        private final InputStream in;
        private final OnnxGraph graph;
        private long position;

        Reader(InputStream in, OnnxGraph graph) {
            this.in = in;
            this.graph = graph;
        }

        /** Reads a message that ends where the file does or at {@code end}. */
        void message(Message message, long end, int depth) throws IOException {
            if (depth > DEEPEST) {
                throw new StreamCorruptedException("an ONNX graph must be nested at most " + DEEPEST + " deep");
            }
            String key = "";
            String value = "";
            while (position < end) {
                long tag = number(end == Long.MAX_VALUE);
                if (tag < 0) {
                    return; // the file has ended
                }
                Message field = message.field((int) (tag >>> 3));
                switch ((int) (tag & 7)) {
                    case 0 -> number(false);
                    case 1 -> skip(Long.BYTES);
                    case 5 -> skip(Integer.BYTES);
                    case 2 -> {
                        long length = number(false);
                        if (length < 0 || length > end - position) {
                            throw new StreamCorruptedException("a part is longer than the whole");
                        }
                        if (field == Message.OTHER) {
                            skip(length);
                        } else if (field != Message.TEXT) {
                            message(field, position + length, depth + 1);
                        } else if (message == Message.NODE) {
                            graph.operators.add(text(length));
                        } else if (tag >>> 3 == 1) {
                            key = text(length);
                        } else {
                            value = text(length);
                        }
                    }
                    default -> throw new StreamCorruptedException("no protocol buffers");
                }
            }
            if (position != end) {
                throw new StreamCorruptedException("a part ends within another");
            }
            if (key.equals("location")) {
                graph.externalData.add(value);
            }
        }

        private String text(long length) throws IOException {
            if (length > LONGEST_TEXT) {
                throw new StreamCorruptedException("a name must have at most " + LONGEST_TEXT + " bytes");
            }
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            position += length;
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** A number of seven bits a byte; -1 at the end of the file, if that may be here. */
        private long number(boolean mayEnd) throws IOException {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                int next = in.read();
                if (next < 0) {
                    if (mayEnd && shift == 0) {
                        return -1;
                    }
                    throw new EOFException();
                }
                position++;
                value |= (long) (next & 0x7f) << shift;
                if (next < 0x80) {
                    return value;
                }
            }
            throw new StreamCorruptedException("a number is too long");
        }

        private void skip(long count) throws IOException {
            in.skipNBytes(count);
            position += count;
        }
    }
}
