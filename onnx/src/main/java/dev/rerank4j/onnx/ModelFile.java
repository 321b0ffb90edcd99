package dev.rerank4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.rerank4j.RerankException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A model's ONNX file, checked. What is a file of its own is not held in memory: it may be larger than that.
 *
 * @param files where it lies
 * @param name its path there
 * @param bytes all of it, where it is no file of its own
 * @param batchDependent whether a row's numbers depend on the other rows: with dynamic quantization the scale of the
 *        activations is taken over the whole batch
 */
record ModelFile(ModelFiles files, String name, Optional<byte[]> bytes, boolean batchDependent) {

    /**
     * @param sha256 what its checksum must be; empty if unknown
     * @throws RerankException {@code UNAVAILABLE} if it, or a file with weights that it names, cannot be read, {@code MODEL}
     *         if the checksum is another, or it names a file outside its folder
     */
    static ModelFile read(ModelFiles files, String name, Optional<String> sha256) {
        Optional<byte[]> bytes = files.path(name).isPresent() ? Optional.empty() : Optional.of(files.read(name));
        MessageDigest digest = sha256();
        try (InputStream in = bytes.isPresent() ? new ByteArrayInputStream(bytes.get()) : files.open(name)) {
            if (sha256.isPresent()) {
                byte[] buffer = new byte[1 << 16];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
        } catch (NoSuchFileException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "there is no " + name + " in " + files.describe() + ": a model needs it", e);
        } catch (IOException e) {
            throw unreadable(files, name, e);
        }
        if (sha256.isPresent() && !sha256.get().equals(HexFormat.of().formatHex(digest.digest()))) {
            throw new RerankException(RerankException.Kind.MODEL, name + " in " + files.describe()
                    + " is damaged: its checksum is not the one its card names; fetch the model again");
        }
        try (InputStream in = bytes.isPresent() ? new ByteArrayInputStream(bytes.get()) : files.open(name)) {
            OnnxGraph graph = OnnxGraph.read(in);
            graph.externalData().forEach(data -> requireData(files, name, data));
            return new ModelFile(files, name, bytes, graph.batchDependent());
        } catch (StreamCorruptedException e) {
            throw new RerankException(RerankException.Kind.MODEL, name + " in " + files.describe()
                    + " is not a model that ONNX Runtime reads: fetch it again", e);
        } catch (IOException e) {
            throw unreadable(files, name, e);
        }
    }

    private static RerankException unreadable(ModelFiles files, String name, IOException e) {
        return new RerankException(RerankException.Kind.UNAVAILABLE,
                name + " in " + files.describe() + " cannot be read: " + e.getMessage(), e);
    }

    private static void requireData(ModelFiles files, String name, String data) {
        String message = name + " in " + files.describe() + " has its weights in " + data;
        Path below;
        try {
            below = Path.of(data);
        } catch (InvalidPathException e) {
            throw new RerankException(RerankException.Kind.MODEL, message + ", which is no name of a file", e);
        }
        if (data.isEmpty() || below.isAbsolute() || Arrays.asList(data.split("[/\\\\]")).contains("..")) {
            throw new RerankException(RerankException.Kind.MODEL,
                    message + ", which is outside its folder: that is not read");
        }
        Path file = files.path(name).orElseThrow(() -> new RerankException(RerankException.Kind.MODEL,
                message + ": that can be read from a folder only"));
        if (!Files.isRegularFile(file.resolveSibling(below))) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, message
                    + ", and that is not beside it: the two belong together, fetch both");
        }
    }

    OrtSession createSession(OrtEnvironment environment, OrtSession.SessionOptions settings) throws OrtException {
        Optional<Path> path = files.path(name);
        // By its path where there is one: only then are weights in a file beside it found.
        return path.isPresent()
                ? environment.createSession(path.get().toString(), settings)
                : environment.createSession(bytes.orElseThrow(), settings);
    }

    String describe() {
        return name + " in " + files.describe();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
