package dev.rerank4j.cli;

import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelId;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model as options and the configuration file name it. */
sealed interface ModelName {

    String BUILT_IN = "built-in";
    String NONE = "none";

    /** In so many, a short name may differ from what was meant. */
    int FEW_LETTERS = 2;

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
     * What somebody else serves.
     *
     * @param written as people write it: {@code cohere:rerank-v3.5}
     * @param provider the name before the colon
     * @param model which model is asked; may be empty for servers that have but one
     * @param settings what the configuration says of the provider
     */
    record Remote(String written, String provider, ProviderType type, String model,
            Provider settings) implements ModelName {

        /** How a language model is asked. */
        Provider.Method method() {
            return CommonOptions.or(settings.method(), Provider.Method.LISTWISE);
        }

        @Override
        public String toString() {
            return written;
        }
    }

    /**
     * A reranker.
     *
     * @param providers those of the configuration, by their names
     * @throws UsageException if it can be none of these
     */
    static ModelName reranker(String text, Map<String, Provider> providers) {
        return text.equals(NONE)
                ? new None()
                : local(text).or(() -> RemoteName.find(text, providers)).orElseThrow(() -> unknown(
                        "--reranker must be built-in, none, a provider such as cohere or ollama:qwen3,",
                        "BAAI/bge-reranker-base", text, RemoteName.known(providers)));
    }

    /**
     * A model of a cascade.
     *
     * @param providers those of the configuration, by their names
     * @throws UsageException if it can be none of these
     */
    static ModelName narrowing(String text, Map<String, Provider> providers) {
        return local(text).or(() -> RemoteName.find(text, providers)).orElseThrow(() -> unknown(
                "a model of --cascade must be built-in, a provider such as cohere or ollama:qwen3,",
                "BAAI/bge-reranker-base", text, RemoteName.known(providers)));
    }

    /**
     * An encoder.
     *
     * @throws UsageException if it can be none of these
     */
    static ModelName encoder(String text) {
        return local(text).orElseThrow(() -> unknown("--encoder must be built-in,", "BAAI/bge-base-en-v1.5", text,
                List.of()));
    }

    /** What runs in this process. */
    private static Optional<ModelName> local(String text) {
        if (text.equals(BUILT_IN)) {
            return Optional.of(new BuiltIn());
        }
        return folder(text).<ModelName>map(Folder::new).or(() -> Hub.of(text));
    }

    private static UsageException unknown(String must, String example, String text, List<String> known) {
        return new UsageException(
                must + " a folder with an ONNX model, tokenizer.json and config.json, or a model's name"
                        + " such as " + example + ", got " + text + meant(text, known));
    }

    /** The folder that is meant by the name of a model, if it is one that is there. */
    static Optional<Path> folder(String text) {
        try {
            return Optional.of(Path.of(text)).filter(folder -> !text.isBlank() && !text.equals(BUILT_IN)
                    && Files.isDirectory(folder));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** "; did you mean X?", or nothing: for a name that leads nowhere. */
    static String meant(String text) {
        return meant(text, List.of());
    }

    private static String meant(String text, List<String> others) {
        List<String> known = KnownModel.all().stream().map(KnownModel::repository).toList();
        String bare = text.substring(text.lastIndexOf('/') + 1);
        return known.stream().filter(name -> name.substring(name.indexOf('/') + 1).equalsIgnoreCase(bare)).findFirst()
                .or(() -> Nearest.to(text.replaceFirst(":.*", ""), others, FEW_LETTERS))
                .or(() -> Nearest.to(text, known)).filter(name -> !name.equals(text))
                .map(name -> "; did you mean " + name + "?").orElse("");
    }
}
