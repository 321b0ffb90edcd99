package dev.rerank4j.onnx;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a {@code .safetensors} file: eight bytes with the length of a header, the header (JSON: type, shape and place
 * of each tensor), the numbers. See https://huggingface.co/docs/safetensors. Every place is checked before it is read.
 */
final class Safetensors {

    /** Layers that follow a network have a few megabytes. */
    private static final int LONGEST = 1 << 30;
    private static final int LONGEST_HEADER = 16 << 20;

    /** @param bytes as many as its shape and type need; the last place of the shape changes fastest */
    private record Tensor(String type, int[] shape, ByteBuffer bytes) {
    }

    private final String where;
    private final Map<String, Tensor> tensors = new HashMap<>();

    private Safetensors(String where) {
        this.where = where;
    }

    /**
     * @throws RerankException {@code UNAVAILABLE} if it cannot be read, {@code MODEL} if it is damaged or holds other than
     *         floating-point numbers of 16 or 32 bits
     */
    static Safetensors read(ModelFiles files, String name) {
        Safetensors file = new Safetensors(name + " in " + files.describe());
        byte[] bytes = files.read(name, LONGEST);
        try {
            file.readAll(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        } catch (JsonParseException | IllegalStateException | ClassCastException | UnsupportedOperationException
                | NumberFormatException | NullPointerException | IndexOutOfBoundsException | StackOverflowError e) {
            throw file.damaged("its header is not as expected", e);
        }
        return file;
    }

    private void readAll(ByteBuffer bytes) {
        if (bytes.remaining() < Long.BYTES) {
            throw damaged("it is too short", null);
        }
        long length = bytes.getLong();
        if (length < 2 || length > Math.min(LONGEST_HEADER, bytes.remaining())) {
            throw damaged("its header cannot have " + length + " bytes", null);
        }
        byte[] header = new byte[(int) length];
        bytes.get(header);
        ByteBuffer numbers = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        JsonObject all = JsonParser.parseString(new String(header, StandardCharsets.UTF_8)).getAsJsonObject();
        for (Map.Entry<String, JsonElement> entry : all.entrySet()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue().getAsJsonObject(), numbers));
            }
        }
    }

    private Tensor tensor(String name, JsonObject description, ByteBuffer numbers) {
        int[] shape = description.getAsJsonArray("shape").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
        String type = description.get("dtype").getAsString();
        long from = description.getAsJsonArray("data_offsets").get(0).getAsLong();
        long to = description.getAsJsonArray("data_offsets").get(1).getAsLong();
        int size = switch (type) {
            case "F32" -> Float.BYTES;
            case "F16", "BF16" -> Short.BYTES;
            case String other -> throw new RerankException(RerankException.Kind.MODEL, where + " holds " + name + " as "
                    + other + ": only F32, F16 and BF16 can be read");
        };
        long count = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> b < 0 || a < 0 || a * b > LONGEST
                ? -1
                : a * b);
        if (count < 0 || from < 0 || to > numbers.capacity() || to - from != count * size) {
            throw damaged("the place of " + name + " is not as long as its shape", null);
        }
        ByteBuffer part = numbers.slice((int) from, (int) (to - from));
        return new Tensor(type, shape, part);
    }

    /**
     * The last place of the shape changes fastest.
     *
     * @throws RerankException {@code MODEL} if there is no such tensor or it has another shape
     */
    float[] get(String name, int... shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
            throw new RerankException(RerankException.Kind.MODEL, where + " must hold " + name + " in shape "
                    + Arrays.toString(shape) + (tensor == null
                            ? ", and does not"
                            : ", and has it in " + Arrays.toString(tensor.shape())));
        }
        ByteBuffer bytes = tensor.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case "F32" -> bytes.getFloat();
                case "F16" -> Float.float16ToFloat(bytes.getShort());
                default -> Float.intBitsToFloat(bytes.getShort() << 16);
            };
        }
        return values;
    }

    private RerankException damaged(String how, @Nullable Throwable cause) {
        String message = where + " is damaged: " + how + "; fetch the model again";
        return cause == null
                ? new RerankException(RerankException.Kind.MODEL, message)
                : new RerankException(RerankException.Kind.MODEL, message, cause);
    }
}
