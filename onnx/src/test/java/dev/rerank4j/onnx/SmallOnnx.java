package dev.rerank4j.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** ONNX files of a few bytes, written by hand: {@code y = x + w}, where {@code w} is two floats. */
final class SmallOnnx {

    private SmallOnnx() {
    }

    /** With the weights inside. */
    static byte[] whole(float... weights) {
        return model(join(tensor(weights.length), bytes(9, floats(weights))));
    }

    /** With the weights in another file. */
    static byte[] external(String location, int count) {
        return model(join(tensor(count), bytes(13, entry("location", location)), bytes(13, entry("offset", "0")),
                bytes(13, entry("length", Integer.toString(4 * count))), number(14, 1)));
    }

    /** What that other file holds. */
    static byte[] floats(float... weights) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float weight : weights) {
            buffer.putFloat(weight);
        }
        return buffer.array();
    }

    private static byte[] model(byte[] weights) {
        byte[] node = join(text(1, "x"), text(1, "w"), text(2, "y"), text(4, "Add"));
        byte[] graph = join(bytes(1, node), text(2, "g"), bytes(5, weights), bytes(11, value("x")),
                bytes(12, value("y")));
        return join(number(1, 8), bytes(7, graph), bytes(8, join(text(1, ""), number(2, 17))));
    }

    private static byte[] tensor(int count) {
        return join(number(1, count), number(2, 1), text(8, "w"));
    }

    private static byte[] value(String name) {
        byte[] shape = bytes(1, number(1, 2));
        return join(text(1, name), bytes(2, bytes(1, join(number(1, 1), bytes(2, shape)))));
    }

    private static byte[] entry(String key, String value) {
        return join(text(1, key), text(2, value));
    }

    private static byte[] text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A field of Protocol Buffers that holds bytes. */
    static byte[] bytes(int field, byte[] bytes) {
        return join(varint(field << 3 | 2), varint(bytes.length), bytes);
    }

    private static byte[] number(int field, long number) {
        return join(varint(field << 3), varint(number));
    }

    private static byte[] varint(long number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = number;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
