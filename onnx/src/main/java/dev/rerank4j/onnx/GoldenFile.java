package dev.rerank4j.onnx;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code golden.json} says of a model that this project's training made.
 *
 * @param maxLength how many tokens a pair may have
 * @param sha256 by file name
 * @param languages two-letter codes
 * @param scores that the model must give
 */
record GoldenFile(int maxLength, Map<String, String> sha256, Set<String> languages, List<GoldenScore> scores) {

    static final String NAME = "golden.json";

    /** @throws RerankException {@code MODEL} if it does not say what it must */
    static Optional<GoldenFile> readIfThere(ModelFiles files) {
        Optional<JsonFile> json = JsonFile.readIfThere(files, NAME);
        try {
            return json.map(JsonFile::object).map(GoldenFile::of);
        } catch (IllegalStateException | ClassCastException | NumberFormatException | NullPointerException
                | UnsupportedOperationException e) {
            throw new RerankException(RerankException.Kind.MODEL, NAME + " in " + files.describe()
                    + " is not as expected: fetch the model again", e);
        }
    }

    private static GoldenFile of(JsonObject known) {
        Map<String, String> sha256 = new HashMap<>();
        known.getAsJsonObject("files").entrySet().forEach(file -> sha256.put(file.getKey(),
                file.getValue().getAsJsonObject().get("sha256").getAsString()));
        Set<String> languages = new HashSet<>();
        if (known.has("languages")) {
            known.getAsJsonArray("languages").forEach(code -> languages.add(code.getAsString()));
        }
        List<GoldenScore> scores = new ArrayList<>();
        known.getAsJsonArray("pairs").forEach(pair -> scores.add(score(pair.getAsJsonObject(), sha256.keySet())));
        return new GoldenFile(known.get("max_length").getAsInt(), sha256, languages, scores);
    }

    /** There is one logit for files of floats, and one for int8. */
    private static GoldenScore score(JsonObject pair, Set<String> files) {
        List<Integer> firstIds = new ArrayList<>();
        for (JsonElement id : pair.getAsJsonArray("first_ids")) {
            firstIds.add(id.getAsInt());
        }
        Map<String, Float> logits = new HashMap<>();
        for (String file : files) {
            if (FileChoice.precision(file) != FileChoice.Precision.INT8) {
                logits.put(file, pair.get("logit").getAsFloat());
            } else if (pair.has("logit_int8")) {
                logits.put(file, pair.get("logit_int8").getAsFloat());
            }
        }
        return new GoldenScore(pair.get("query").getAsString(), pair.get("text").getAsString(),
                pair.get("tokens").getAsInt(), firstIds, logits);
    }

    /**
     * The files whose scores are known, int8 first: the scores tell, after loading, whether a processor computes it right.
     */
    List<String> files() {
        return scores.stream().flatMap(score -> score.logits().keySet().stream()).distinct()
                .sorted(Comparator.comparing(FileChoice::precision).reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
