package dev.rerank4j.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code .safetensors} files for tests. */
final class LittleSafetensors {

    private final StringBuilder header = new StringBuilder("{\"__metadata__\": {\"format\": \"pt\"}");
    private final ByteBuffer numbers = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    LittleSafetensors put(String name, String shape, float... values) {
        return put(name, "F32", shape, values);
    }

    LittleSafetensors put(String name, String type, String shape, float... values) {
        int from = numbers.position();
        for (float value : values) {
            switch (type) {
                case "F16" -> numbers.putShort(Float.floatToFloat16(value));
                case "BF16" -> numbers.putShort((short) (Float.floatToIntBits(value) >>> 16));
                default -> numbers.putFloat(value);
            }
        }
        header.append(", \"").append(name).append("\": {\"dtype\": \"").append(type).append("\", \"shape\": [")
                .append(shape).append("], \"data_offsets\": [").append(from).append(", ").append(numbers.position())
                .append("]}");
        return this;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] data = new byte[numbers.position()];
        numbers.duplicate().flip().get(data);
        Files.write(file, file(header + "}", data));
    }

    static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(data).array();
    }
}
