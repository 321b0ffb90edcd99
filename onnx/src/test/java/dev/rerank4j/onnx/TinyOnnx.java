package dev.rerank4j.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes ONNX files of a few nodes: the protocol buffers of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, as far as tests need them.
 */
final class TinyOnnx {

    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int FLOAT16 = 10;

    private final Message graph = new Message();

    TinyOnnx() {
        graph.text(2, "tiny");
    }

    /** Sums of the ids that are not padding, {@code width} times: one is {@code labels[0]} times the sum and so on. */
    static TinyOnnx scorer(String output, float... labels) {
        return new TinyOnnx().ids(INT64).sums("sums").weights("labels", labels, 1, labels.length)
                .node("Mul", "sums labels", output).output(output, FLOAT, -1, labels.length);
    }

    /** For each token, its id times each weight. */
    static TinyOnnx encoder(String output, float... weights) {
        return new TinyOnnx().ids(INT64).node("Cast", "input_ids", "numbers", Map.of("to", FLOAT))
                .node("Unsqueeze", "numbers", "columns", "axes", 2)
                .weights("weights", weights, weights.length).node("Mul", "columns weights", output)
                .output(output, FLOAT, -1, -1, weights.length);
    }

    /** The inputs that nearly every model has. */
    TinyOnnx ids(int type) {
        return input("input_ids", type).input("attention_mask", type);
    }

    /** The sum over the ids that are not padding, a row and a column each. */
    TinyOnnx sums(String output) {
        return node("Mul", "input_ids attention_mask", "shown").node("Cast", "shown", "floats", Map.of("to", FLOAT))
                .node("ReduceSum", "floats", output, "axes", 1);
    }

    TinyOnnx input(String name, int type) {
        graph.message(11, value(name, type, -1, -1));
        return this;
    }

    TinyOnnx output(String name, int type, int... shape) {
        graph.message(12, value(name, type, shape));
        return this;
    }

    private static Message value(String name, int type, int... shape) {
        Message dimensions = new Message();
        for (int size : shape) {
            dimensions.message(1,
                    size < 0 ? new Message().text(2, "any" + dimensions.size()) : new Message().number(1, size));
        }
        Message tensor = new Message().number(1, type).message(2, dimensions);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    TinyOnnx node(String operator, String inputs, String outputs) {
        return node(operator, inputs, outputs, Map.of());
    }

    TinyOnnx node(String operator, String inputs, String outputs, Map<String, Integer> numbers) {
        Message node = names(operator, inputs, outputs);
        numbers.forEach((name, number) -> node.message(5,
                new Message().text(1, name).number(3, number).number(20, 2)));
        graph.message(1, node);
        return this;
    }

    /** With one attribute of several numbers, or one. */
    TinyOnnx node(String operator, String inputs, String outputs, String attribute, int... numbers) {
        Message list = new Message().text(1, attribute);
        for (int number : numbers) {
            list.number(8, number);
        }
        graph.message(1, names(operator, inputs, outputs).message(5, list.number(20, 7)));
        return this;
    }

    private static Message names(String operator, String inputs, String outputs) {
        Message node = new Message();
        for (String input : inputs.split(" ")) {
            node.text(1, input);
        }
        for (String output : outputs.split(" ")) {
            node.text(2, output);
        }
        return node.text(4, operator);
    }

    TinyOnnx weights(String name, float[] values, int... shape) {
        graph.message(5, tensor(name, shape).bytes(9, bytes(values)));
        return this;
    }

    /** Weights that lie in a file beside the model's. */
    TinyOnnx externalWeights(String name, String file, int length, int... shape) {
        graph.message(5, tensor(name, shape).message(13, entry("location", file))
                .message(13, entry("length", String.valueOf(length))).number(14, 1));
        return this;
    }

    static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static Message entry(String key, String value) {
        return new Message().text(1, key).text(2, value);
    }

    private static Message tensor(String name, int... shape) {
        Message tensor = new Message();
        for (int size : shape) {
            tensor.number(1, size);
        }
        return tensor.number(2, FLOAT).text(8, name);
    }

    byte[] bytes() {
        return new Message().number(1, 8).message(8, new Message().text(1, "").number(2, 11)).message(7, graph).bytes();
    }

    /** Protocol buffers: each field with its number and kind before it. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        int size() {
            return out.size();
        }

        Message number(int field, long value) {
            variable(field << 3);
            variable(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        Message bytes(int field, byte[] value) {
            variable(field << 3 | 2);
            variable(value.length);
            out.writeBytes(value);
            return this;
        }

        private void variable(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
