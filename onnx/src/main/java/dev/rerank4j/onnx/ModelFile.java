package dev.rerank4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.rerank4j.RerankException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A model's file, read and checked.
 *
 * @param files where it lies
 * @param name its name there
 * @param bytes all of it
 * @param batchDependent whether a row's numbers depend on the other rows: with dynamic quantization the scale of the
 *        activations is taken over the whole batch
 */
record ModelFile(ModelFiles files, String name, byte[] bytes, boolean batchDependent) {

    /** The operator's name, as it stands in the file, of what computes scales at run time. */
    private static final byte[] DYNAMIC = "DynamicQuantizeLinear".getBytes(StandardCharsets.US_ASCII);

    /**
     * @param sha256 what its checksum must be; empty if unknown
     * @throws RerankException {@code UNAVAILABLE} if it cannot be read, {@code MODEL} if the checksum is another
     */
    static ModelFile read(ModelFiles files, String name, Optional<String> sha256) {
        byte[] bytes = files.read(name);
        if (sha256.isPresent() && !sha256.get().equals(sha256(bytes))) {
            throw new RerankException(RerankException.Kind.MODEL, name + " in " + files.describe()
                    + " is damaged: its checksum is not the one its card names; fetch the model again");
        }
        return new ModelFile(files, name, bytes, contains(bytes, DYNAMIC));
    }

    OrtSession createSession(OrtEnvironment environment, OrtSession.SessionOptions settings) throws OrtException {
        Optional<Path> path = files.path(name);
        // By its path where there is one: only then are weights in a file beside it found.
        return path.isPresent()
                ? environment.createSession(path.get().toString(), settings)
                : environment.createSession(bytes, settings);
    }

    String describe() {
        return name + " in " + files.describe();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static boolean contains(byte[] bytes, byte[] word) {
        outer : for (int i = 0; i <= bytes.length - word.length; i++) {
            for (int j = 0; j < word.length; j++) {
                if (bytes[i + j] != word[j]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }
}
