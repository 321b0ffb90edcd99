package dev.rerank4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inputs of one batch: a row for each sequence, filled up on the right to the longest. */
final class InputTensors implements AutoCloseable {

    private final Map<String, OnnxTensor> tensors = new HashMap<>();

    /**
     * @param wanted what the model wants
     * @param rows sequences of the batch
     * @param width of the longest
     */
    InputTensors(List<Signature.Input> wanted, TokenInput format, PairTemplate template,
            List<PairTemplate.Sequence> rows,
            int width) throws OrtException {
        try {
            for (Signature.Input input : wanted) {
                tensors.put(input.name(), tensor(input, format, template, rows, width));
            }
        } catch (OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static OnnxTensor tensor(Signature.Input input, TokenInput format, PairTemplate template,
            List<PairTemplate.Sequence> rows, int width) throws OrtException {
        int size = input.small() ? Integer.BYTES : Long.BYTES;
        // Direct memory in native order is handed to native code without another copy.
        ByteBuffer bytes = ByteBuffer.allocateDirect(rows.size() * width * size).order(ByteOrder.nativeOrder());
        Cells cells = new Cells(bytes, input.small());
        for (int row = 0; row < rows.size(); row++) {
            PairTemplate.Sequence sequence = rows.get(row);
            int length = template.length(sequence);
            switch (input.content()) {
                case IDS -> template.write(sequence, (id, type) -> cells.put(id));
                case TYPES -> template.write(sequence, (id, type) -> cells.put(format.typed() ? type : 0));
                case MASK -> cells.repeat(1, length);
                case POSITIONS -> {
                    for (int i = 0; i < length; i++) {
                        cells.put(format.firstPosition() + i);
                    }
                }
            }
            cells.repeat(filler(input.content(), format), width - length);
        }
        long[] shape = {rows.size(), width};
        bytes.rewind();
        return input.small()
                ? OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), bytes.asIntBuffer(), shape)
                : OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), bytes.asLongBuffer(), shape);
    }

    private static int filler(Signature.Content content, TokenInput format) {
        return switch (content) {
            case IDS -> format.padId();
            case POSITIONS -> Math.max(0, format.firstPosition() - 1); // the padding's own place, where it has one
            case MASK, TYPES -> 0;
        };
    }

    private record Cells(ByteBuffer bytes, boolean small) {
        void put(int value) {
            if (small) {
                bytes.putInt(value);
            } else {
                bytes.putLong(value);
            }
        }

        void repeat(int value, int times) {
            for (int i = 0; i < times; i++) {
                put(value);
            }
        }
    }

    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
