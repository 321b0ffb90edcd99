package dev.rerank4j.cli;

import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelId;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model as options and the configuration file name it. */
sealed interface ModelName {

    String BUILT_IN = "built-in";
    String NONE = "none";

    /** What comes with this program. */
    record BuiltIn() implements ModelName {
    }

    /** No model: only for rerankers. */
    record None() implements ModelName {
    }

    /** Files in a folder that is there. */
    record Folder(Path folder) implements ModelName {
    }

    /**
     * A model of a hub.
     *
     * @param file path of its ONNX file; if empty, the one that suits this processor
     */
    record Hub(ModelId id, Optional<String> file) implements ModelName {

        /** {@code OWNER/NAME@REVISION:FILE}, of which revision and file may be missing; empty if it is none. */
        static Optional<Hub> of(String text) {
            int colon = text.indexOf(':');
            String id = colon < 0 ? text : text.substring(0, colon);
            Optional<String> file = colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
            return ModelId.isId(id) && file.filter(String::isBlank).isEmpty()
                    ? Optional.of(new Hub(ModelId.of(id), file))
                    : Optional.empty();
        }

        /** As people write it. */
        @Override
        public String toString() {
            return id + file.map(path -> ":" + path).orElse("");
        }
    }

    /**
     * A reranker.
     *
     * @throws UsageException if it can be none of these
     */
    static ModelName reranker(String text) {
        return text.equals(NONE)
                ? new None()
                : of("--reranker must be built-in, none,", "BAAI/bge-reranker-base", text);
    }

    /**
     * A model of a cascade.
     *
     * @throws UsageException if it can be none of these
     */
    static ModelName narrowing(String text) {
        return of("a model of --cascade must be built-in,", "BAAI/bge-reranker-base", text);
    }

    /**
     * An encoder.
     *
     * @throws UsageException if it can be none of these
     */
    static ModelName encoder(String text) {
        return of("--encoder must be built-in,", "BAAI/bge-base-en-v1.5", text);
    }

    private static ModelName of(String must, String example, String text) {
        if (text.equals(BUILT_IN)) {
            return new BuiltIn();
        }
        Optional<Path> folder = folder(text);
        if (folder.isPresent()) {
            return new Folder(folder.get());
        }
        Optional<Hub> hub = Hub.of(text);
        if (hub.isPresent()) {
            return hub.get();
        }
        throw new UsageException(
                must + " a folder with an ONNX model, tokenizer.json and config.json, or a model's name"
                        + " such as " + example + ", got " + text + meant(text));
    }

    private static Optional<Path> folder(String text) {
        try {
            return Optional.of(Path.of(text)).filter(folder -> !text.isBlank() && Files.isDirectory(folder));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** "; did you mean X?", or nothing: for a name that leads nowhere. */
    static String meant(String text) {
        List<String> known = KnownModel.all().stream().map(KnownModel::repository).toList();
        String bare = text.substring(text.lastIndexOf('/') + 1);
        return known.stream().filter(name -> name.substring(name.indexOf('/') + 1).equalsIgnoreCase(bare)).findFirst()
                .or(() -> Nearest.to(text, known)).filter(name -> !name.equals(text))
                .map(name -> "; did you mean " + name + "?").orElse("");
    }
}
