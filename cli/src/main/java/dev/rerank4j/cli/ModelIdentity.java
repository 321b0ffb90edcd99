package dev.rerank4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What tells a reranker from every other: its name is that of its folder, and a model trained anew may lie in the same
 * one. So it is a hash of its files.
 */
final class ModelIdentity {

    private static final List<String> FILES = List.of("model_int8.onnx", "model.onnx", "tokenizer.json", "config.json",
            "calibration.json", "onnx/model_int8.onnx", "onnx/model.onnx");
    private static final String BUILT_IN = "dev/rerank4j/model/rerank4j-minilm-l6-v1/";

    private ModelIdentity() {
    }

    /**
     * @param reranker no model of a hub: of those the state of the repository tells
     * @param name the model's own
     * @return the name and 16 hexadecimal digits
     */
    static String of(ModelName reranker, String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : FILES) {
                Optional<InputStream> content = open(reranker, file);
                if (content.isPresent()) {
                    digest.update((byte) FILES.indexOf(file));
                    try (InputStream in = new DigestInputStream(content.get(), digest)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                }
            }
            return name + "-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<InputStream> open(ModelName reranker, String file) throws IOException {
        return switch (reranker) {
            case ModelName.BuiltIn builtIn -> {
                URL resource = ModelIdentity.class.getClassLoader().getResource(BUILT_IN + file);
                yield resource == null ? Optional.empty() : Optional.of(resource.openStream());
            }
            case ModelName.Folder(Path folder) -> {
                Path path = folder.resolve(file);
                yield Files.isRegularFile(path) ? Optional.of(Files.newInputStream(path)) : Optional.empty();
            }
            case ModelName.None none -> Optional.empty();
            case ModelName.Hub hub -> Optional.empty();
            case ModelName.Remote remote -> Optional.empty();
        };
    }
}
