package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What {@code sentence-transformers} writes beside a model: {@code modules.json} with a folder for each step after the
 * network, {@code sentence_bert_config.json} and {@code config_sentence_transformers.json}.
 *
 * @param modelClass {@code SentenceTransformer}, {@code CrossEncoder} or another of its classes; empty if there is
 *        neither {@code modules.json} nor a pooling by itself
 * @param head what follows the network; empty likewise
 * @param maxLength how many tokens are read, if that is said
 * @param lowerCase whether texts are put into lower case first
 * @param activation full name of the function applied to a logit
 * @param prompts by name, what stands before a text
 * @param defaultPrompt the name of the one that is always used
 */
record SentenceTransformersFiles(Optional<String> modelClass, Optional<Head> head, OptionalInt maxLength,
        boolean lowerCase, Optional<String> activation, Map<String, String> prompts, Optional<String> defaultPrompt) {

    private static final List<String> TRANSFORMER_CONFIGS = List.of("sentence_bert_config.json",
            "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
            "sentence_albert_config.json", "sentence_xlm-roberta_config.json", "sentence_xlnet_config.json");

    private static final String POOLING = "1_Pooling/config.json";

    /** @throws RerankException {@code MODEL} if a file says what cannot be done here */
    static SentenceTransformersFiles read(ModelFiles files) {
        Optional<JsonFile> own = JsonFile.readIfThere(files, "config_sentence_transformers.json");
        if (!files.has("modules.json")) {
            Optional<Head> head = JsonFile.readIfThere(files, POOLING)
                    .map(json -> new Head(pooling(json), includesPrompt(json), List.of(), OptionalInt.empty()));
            return new SentenceTransformersFiles(head.map(it -> "SentenceTransformer"), head, OptionalInt.empty(),
                    false,
                    Optional.empty(), prompts(own), Optional.empty());
        }
        List<JsonFile> modules = JsonFile.readAll(files, "modules.json");
        if (modules.isEmpty() || !type(modules.getFirst()).equals("Transformer")) {
            throw new RerankException(RerankException.Kind.MODEL, "modules.json in " + files.describe()
                    + " does not begin with a Transformer: models of words or pictures cannot be read");
        }
        String folder = folder(modules.getFirst());
        Optional<JsonFile> transformer = TRANSFORMER_CONFIGS.stream().map(name -> folder + name).filter(files::has)
                .findFirst().map(name -> JsonFile.read(files, name));
        return new SentenceTransformersFiles(
                Optional.of(own.flatMap(json -> json.text("model_type")).orElse("SentenceTransformer")),
                Optional.of(head(files, modules.subList(1, modules.size()),
                        own.map(json -> json.integer("truncate_dim")).orElse(OptionalInt.empty()))),
                transformer.map(json -> json.integer("max_seq_length")).orElse(OptionalInt.empty()),
                transformer.flatMap(json -> json.flag("do_lower_case")).orElse(false),
                own.flatMap(json -> json.text("activation_fn")), prompts(own),
                own.flatMap(json -> json.text("default_prompt_name")));
    }

    private static Map<String, String> prompts(Optional<JsonFile> own) {
        Map<String, String> prompts = new TreeMap<>();
        own.flatMap(json -> json.object("prompts")).ifPresent(
                all -> all.object().keySet()
                        .forEach(name -> all.text(name).ifPresent(text -> prompts.put(name, text))));
        return prompts;
    }

    private static Head head(ModelFiles files, List<JsonFile> modules, OptionalInt truncation) {
        List<Pooling> pooling = new ArrayList<>();
        boolean instructionPooled = true;
        List<Head.Layer> layers = new ArrayList<>();
        for (JsonFile module : modules) {
            String folder = folder(module);
            switch (type(module)) {
                case "Pooling" -> {
                    JsonFile config = JsonFile.read(files, folder + "config.json");
                    pooling.addAll(pooling(config));
                    instructionPooled = includesPrompt(config);
                }
                case "Dense" -> layers.add(new Head.Layer(Head.Kind.DENSE, folder));
                case "LayerNorm" -> layers.add(new Head.Layer(Head.Kind.LAYER_NORM, folder));
                case "Normalize" -> layers.add(new Head.Layer(Head.Kind.NORMALIZE, folder));
                case "Dropout" -> {
                    // does nothing outside training
                }
                case String other -> throw new RerankException(RerankException.Kind.MODEL, "modules.json in "
                        + files.describe() + " has a module " + other
                        + ": known are Transformer, Pooling, Dense, LayerNorm, Normalize and Dropout");
            }
        }
        return new Head(pooling, instructionPooled, layers, truncation);
    }

    private static List<Pooling> pooling(JsonFile config) {
        List<String> words = config.texts("pooling_mode");
        if (words.isEmpty()) { // as it was written before version 5.3; joined in the order of the constants
            words = Arrays.stream(Pooling.values()).filter(pooling -> config.flag(oldKey(pooling)).orElse(false))
                    .map(Pooling::word).toList();
        }
        if (words.isEmpty()) {
            return List.of(Pooling.MEAN);
        }
        return words.stream().map(word -> Arrays.stream(Pooling.values())
                .filter(pooling -> pooling.word().equals(word)).findFirst().orElseThrow(() -> config
                        .wrong("pooling_mode must be one of cls, max, mean, mean_sqrt_len_tokens, weightedmean and"
                                + " lasttoken, got " + word)))
                .toList();
    }

    private static boolean includesPrompt(JsonFile config) {
        return config.flag("include_prompt").orElse(true);
    }

    private static String oldKey(Pooling pooling) {
        return switch (pooling) {
            case CLS -> "pooling_mode_cls_token";
            case MAX -> "pooling_mode_max_tokens";
            case MEAN -> "pooling_mode_mean_tokens";
            case MEAN_SQRT_LENGTH -> "pooling_mode_mean_sqrt_len_tokens";
            case WEIGHTED_MEAN -> "pooling_mode_weightedmean_tokens";
            case LAST -> "pooling_mode_lasttoken";
        };
    }

    /** The class's own name, without its package. */
    private static String type(JsonFile module) {
        String type = module.text("type").orElse("");
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Path of the module's folder with a slash at the end, or nothing. */
    private static String folder(JsonFile module) {
        String path = module.text("path").orElse("");
        if (path.startsWith("/") || path.contains("\\") || path.contains(":")
                || Arrays.asList(path.split("/")).contains("..")) {
            throw module.wrong("a path must lie within the model's folder, got " + path);
        }
        return path.isEmpty() || path.endsWith("/") ? path : path + "/";
    }

    /**
     * What {@code encode_query} puts before a query. Without effect are empty texts, which are written where nobody set
     * anything, and the default prompt, which stands for what is neither a query nor a document.
     */
    Optional<String> queryPrompt() {
        return prompt("query");
    }

    /** What {@code encode_document} puts before a text. */
    Optional<String> textPrompt() {
        return prompt("document").or(() -> prompt("passage")).or(() -> prompt("corpus"));
    }

    /** What a cross-encoder puts before every query. */
    Optional<String> defaultPromptText() {
        return defaultPrompt.flatMap(this::prompt);
    }

    private Optional<String> prompt(String name) {
        return Optional.ofNullable(prompts.get(name)).filter(text -> !text.isEmpty());
    }
}
