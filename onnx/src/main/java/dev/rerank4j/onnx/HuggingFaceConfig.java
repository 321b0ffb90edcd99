package dev.rerank4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code config.json} and {@code tokenizer_config.json} say, as Hugging Face's {@code transformers} writes them.
 *
 * @param modelType such as {@code xlm-roberta}; empty if it is not said
 * @param architectures such as {@code BertForSequenceClassification}
 * @param labels of the classes, by number; empty if there are no names
 * @param positions how many tokens the model has places for
 * @param tokenizerLimit how many the tokenizer is set to give
 * @param padId what fills up
 * @param firstPosition number of the first token's place
 * @param typed whether the tokenizer is set to give token types
 * @param activation full name of the function that {@code sentence-transformers} applies to a logit
 */
record HuggingFaceConfig(Optional<String> modelType, List<String> architectures, List<String> labels,
        OptionalInt positions, OptionalInt tokenizerLimit, int padId, int firstPosition, boolean typed,
        Optional<String> activation) {

    /** A tokenizer without a limit says 1e30. No model has so many places. */
    private static final int NO_LIMIT = 10_000_000;

    /** Places are counted from the one after the padding's id: so the first tokens of the table are never used. */
    private static final Set<String> ROBERTA_FAMILY = Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert",
            "roberta-prelayernorm", "data2vec-text", "longformer", "mpnet", "luke", "mluke", "ibert", "xmod",
            "xlm-roberta-flash");

    static HuggingFaceConfig read(ModelFiles files) {
        JsonFile config = JsonFile.read(files, "config.json");
        Optional<JsonFile> tokenizer = JsonFile.readIfThere(files, "tokenizer_config.json");
        Optional<String> type = config.text("model_type");
        boolean roberta = type.filter(ROBERTA_FAMILY::contains).isPresent();
        OptionalInt pad = config.integer("pad_token_id");
        int padId = Math.max(0, pad.orElse(roberta ? 1 : 0));
        int first = roberta ? padId + 1 : 0;
        OptionalInt table = limit(config.integer("max_position_embeddings"));
        if (table.isEmpty()) {
            table = limit(config.integer("n_positions"));
        }
        OptionalInt positions = table.isPresent() && table.getAsInt() > first
                ? OptionalInt.of(table.getAsInt() - first)
                : table;
        OptionalInt limit = tokenizer.map(json -> limit(json.integer("model_max_length"))).orElse(OptionalInt.empty());
        if (limit.isEmpty()) {
            limit = tokenizer.map(json -> limit(json.integer("max_len"))).orElse(OptionalInt.empty());
        }
        List<String> inputs = tokenizer.map(json -> json.texts("model_input_names")).orElse(List.of());
        boolean typed = inputs.isEmpty() || inputs.contains("token_type_ids");
        Optional<String> activation = config.object("sentence_transformers").flatMap(own -> own.text("activation_fn"))
                .or(() -> config.text("sbert_ce_default_activation_function"));
        return new HuggingFaceConfig(type, config.texts("architectures"), labels(config), positions, limit, padId,
                first, typed, activation);
    }

    private static OptionalInt limit(OptionalInt number) {
        return number.isPresent() && number.getAsInt() > 0 && number.getAsInt() < NO_LIMIT
                ? number
                : OptionalInt.empty();
    }

    private static List<String> labels(JsonFile config) {
        Map<Integer, String> labels = new TreeMap<>();
        config.object("id2label").ifPresent(names -> {
            for (String key : names.object().keySet()) {
                try {
                    labels.put(Integer.parseInt(key), names.texts(key).getFirst());
                } catch (NumberFormatException e) {
                    throw config.wrong("id2label must have numbers as keys");
                }
            }
        });
        return new ArrayList<>(labels.values());
    }

    /** How many tokens fit: no more than there are places, no more than the tokenizer or {@code own} says. */
    OptionalInt maxLength(OptionalInt own) {
        OptionalInt said = own.isPresent() ? own : tokenizerLimit;
        if (said.isPresent() && positions.isPresent()) {
            return OptionalInt.of(Math.min(said.getAsInt(), positions.getAsInt()));
        }
        return said.isPresent() ? said : positions;
    }

    /** Whether the classes say whether one text follows from another, which is not whether it answers a query. */
    boolean isInference() {
        return labels.stream().map(label -> label.toLowerCase(Locale.ROOT))
                .anyMatch(label -> label.contains("entail") || label.contains("contradict"));
    }
}
