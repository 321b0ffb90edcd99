package dev.rerank4j.onnx;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What has to be known of a cross-encoder besides its weights. How query and text are put together is not said here: it
 * is asked of the tokenizer ({@link PairTemplate}).
 *
 * @param name the model's name; equal names mean equal scores
 * @param files where its files lie
 * @param modelFiles names of the model's files, the one to use first; the others stand in if it is off
 * @param maxLength how many tokens a pair may have, special ones included
 * @param activation what a logit means
 * @param calibration what makes a probability of it, if it means one
 * @param sha256 by file name, the lower-case hexadecimal checksum; a file without one is not checked
 * @param golden known scores; empty if there are none to check against
 * @param languages two-letter codes of the languages that it was trained for; empty if unknown
 */
public record ModelSpec(String name, ModelFiles files, List<String> modelFiles, int maxLength, Activation activation,
        Calibration calibration, Map<String, String> sha256, List<GoldenScore> golden, Set<String> languages) {

    static final String FLOAT = "model.onnx";
    static final String INT8 = "model_int8.onnx";
    private static final String CALIBRATION = "calibration.json";

    /** What a logit means. */
    public enum Activation {
        /** How probable it is that the text answers the query: the {@link Calibration} says how much. */
        SIGMOID,
        /** Logits order texts and say no more. */
        NONE
    }

    /**
     * Checks that there is a model file and a length, and copies the collections.
     *
     * @throws IllegalArgumentException if {@code maxLength < 1} or there is no model file
     */
    public ModelSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(files, "files");
        modelFiles = List.copyOf(modelFiles);
        if (modelFiles.isEmpty()) {
            throw new IllegalArgumentException("a model must have at least one model file");
        }
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be >= 1, got " + maxLength);
        }
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(calibration, "calibration");
        sha256 = Map.copyOf(sha256);
        golden = List.copyOf(golden);
        languages = Set.copyOf(languages);
    }

    /**
     * Reads what lies beside a model: {@code config.json} as Hugging Face writes it; if there is one,
     * {@code golden.json} with the longest input, languages, checksums and known scores; if there is one,
     * {@code calibration.json} with {@code slope} and {@code intercept}, without which it is {@link Calibration#NONE}.
     * {@code model_int8.onnx} comes before {@code model.onnx}.
     *
     * @param name what to call the model; equal names mean equal scores
     * @param files where its files lie
     * @return what the files say; the model itself has not been read
     * @throws RerankException {@code UNAVAILABLE} if a file is missing, {@code MODEL} if one does not say what it must
     */
    public static ModelSpec read(String name, ModelFiles files) {
        List<String> models = new ArrayList<>(List.of(INT8, FLOAT));
        models.removeIf(file -> !files.has(file));
        if (models.isEmpty()) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no " + FLOAT + " or " + INT8 + " in "
                    + files.describe() + ": a model needs one");
        }
        try {
            JsonObject config = json(files, "config.json");
            int maxLength = config.get("max_position_embeddings").getAsInt();
            Map<String, String> sha256 = new HashMap<>();
            List<GoldenScore> golden = new ArrayList<>();
            Set<String> languages = new HashSet<>();
            if (files.has("golden.json")) {
                JsonObject known = json(files, "golden.json");
                maxLength = known.get("max_length").getAsInt();
                known.getAsJsonObject("files").entrySet().forEach(file -> sha256.put(file.getKey(),
                        file.getValue().getAsJsonObject().get("sha256").getAsString()));
                if (known.has("languages")) {
                    known.getAsJsonArray("languages").forEach(code -> languages.add(code.getAsString()));
                }
                known.getAsJsonArray("pairs").forEach(pair -> golden.add(golden(pair.getAsJsonObject())));
            }
            return new ModelSpec(name, files, models, maxLength, Activation.SIGMOID, calibration(files), sha256,
                    golden, languages);
        } catch (JsonParseException | IllegalStateException | ClassCastException | NumberFormatException
                | NullPointerException e) {
            throw new RerankException(RerankException.Kind.MODEL, "config.json or golden.json in " + files.describe()
                    + " is not as expected: fetch the model again", e);
        }
    }

    private static Calibration calibration(ModelFiles files) {
        if (!files.has(CALIBRATION)) {
            return Calibration.NONE;
        }
        try {
            JsonObject fitted = json(files, CALIBRATION);
            return new Calibration(fitted.get("slope").getAsDouble(), fitted.get("intercept").getAsDouble());
        } catch (JsonParseException | IllegalStateException | ClassCastException | UnsupportedOperationException
                | NullPointerException e) {
            throw new RerankException(RerankException.Kind.MODEL, CALIBRATION + " in " + files.describe()
                    + " must be an object with the numbers slope and intercept: mend it or delete it", e);
        } catch (IllegalArgumentException e) { // also what is no number
            throw new RerankException(RerankException.Kind.MODEL, CALIBRATION + " in " + files.describe()
                    + " cannot be used: " + e.getMessage() + "; mend it or delete it", e);
        }
    }

    private static JsonObject json(ModelFiles files, String name) {
        return JsonParser.parseString(new String(files.read(name), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    private static GoldenScore golden(JsonObject pair) {
        List<Integer> firstIds = new ArrayList<>();
        for (JsonElement id : pair.getAsJsonArray("first_ids")) {
            firstIds.add(id.getAsInt());
        }
        Map<String, Float> logits = new HashMap<>();
        logits.put(FLOAT, pair.get("logit").getAsFloat());
        if (pair.has("logit_int8")) {
            logits.put(INT8, pair.get("logit_int8").getAsFloat());
        }
        return new GoldenScore(pair.get("query").getAsString(), pair.get("text").getAsString(),
                pair.get("tokens").getAsInt(), firstIds, logits);
    }
}
