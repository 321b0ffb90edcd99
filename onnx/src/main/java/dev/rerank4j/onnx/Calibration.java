package dev.rerank4j.onnx;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import java.nio.charset.StandardCharsets;

/**
 * What makes a probability of a logit: {@code 1 / (1 + exp(-(slope * logit + intercept)))}. Platt, "Probabilistic
 * Outputs for Support Vector Machines and Comparisons to Regularized Likelihood Methods", 1999, equation 1, whose
 * {@code A} is {@code -slope} and whose {@code B} is {@code -intercept}. It changes no order.
 *
 * @param slope finite, more than 0
 * @param intercept finite
 */
public record Calibration(double slope, double intercept) {

    private static final String FILE = "calibration.json";

    /** The plain sigmoid: what a model has that was not calibrated. */
    public static final Calibration NONE = new Calibration(1, 0);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code slope} is not finite and more than 0, or {@code intercept} is not
     *         finite
     */
    public Calibration {
        if (!(slope > 0 && Double.isFinite(slope))) {
            throw new IllegalArgumentException("slope must be finite and > 0, got " + slope);
        }
        if (!Double.isFinite(intercept)) {
            throw new IllegalArgumentException("intercept must be finite, got " + intercept);
        }
        intercept = intercept == 0 ? 0.0 : intercept; // -0.0 is no other calibration
    }

    /** {@code calibration.json} with {@code slope} and {@code intercept}; {@link #NONE} if there is no such file. */
    static Calibration read(ModelFiles files) {
        if (!files.has(FILE)) {
            return NONE;
        }
        try {
            JsonObject fitted = JsonParser.parseString(new String(files.read(FILE), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            return new Calibration(fitted.get("slope").getAsDouble(), fitted.get("intercept").getAsDouble());
        } catch (JsonParseException | IllegalStateException | ClassCastException | UnsupportedOperationException
                | NullPointerException e) {
            throw new RerankException(RerankException.Kind.MODEL, FILE + " in " + files.describe()
                    + " must be an object with the numbers slope and intercept: mend it or delete it", e);
        } catch (IllegalArgumentException e) { // also what is no number
            throw new RerankException(RerankException.Kind.MODEL, FILE + " in " + files.describe()
                    + " cannot be used: " + e.getMessage() + "; mend it or delete it", e);
        }
    }

    /**
     * {@return the probability of a logit: 0 to 1, never falling as the logit rises; NaN for NaN}
     *
     * @param logit a model's raw score
     */
    public double probability(double logit) {
        return 1 / (1 + Math.exp(-(slope * logit + intercept)));
    }
}
