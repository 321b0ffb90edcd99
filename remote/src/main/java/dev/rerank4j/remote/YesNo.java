package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What a model's first token says of yes and no. */
final class YesNo {

    private YesNo() {
    }

    /**
     * {@code log P(yes) - log P(no)}. Of the two, one that is not among the likeliest tokens is given the lowest
     * log-probability of these: it has no higher one.
     *
     * @param exact whether the tokens are {@code yes} and {@code no} alone, not {@code Yes} or one with a blank before
     * @throws RerankException of kind {@code MODEL} if there are no log-probabilities, or neither yes nor no is among
     *         the likeliest tokens
     */
    static float logit(String service, ChatAnswer answer, boolean exact) {
        List<ChatAnswer.Token> tokens = answer.spokenTokens();
        if (answer.tokens().isEmpty()) {
            throw new RerankException(Kind.MODEL,
                    service + " gives no log-probabilities, which judging single passages "
                            + "needs: rank listwise, or use a server that gives them, such as Ollama 0.12.11");
        }
        if (tokens.isEmpty()) {
            throw neither(service);
        }
        Map<String, Double> top = tokens.getFirst().top();
        OptionalDouble yes = sum(top, "yes", exact);
        OptionalDouble no = sum(top, "no", exact);
        if (yes.isEmpty() && no.isEmpty()) {
            throw neither(service);
        }
        double lowest = top.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
        return (float) (yes.orElse(lowest) - no.orElse(lowest));
    }

    private static RerankException neither(String service) {
        return new RerankException(Kind.MODEL,
                "the model at " + service + " begins its answer with neither yes nor no; "
                        + "if it thinks first, switch that off, or rank listwise");
    }

    /** Of all tokens that say it, the log of the sum of their probabilities. */
    private static OptionalDouble sum(Map<String, Double> top, String word, boolean exact) {
        double sum = 0;
        boolean found = false;
        for (Map.Entry<String, Double> token : top.entrySet()) {
            String text = exact ? token.getKey() : token.getKey().strip().toLowerCase(Locale.ROOT);
            if (text.equals(word)) {
                sum += Math.exp(token.getValue());
                found = true;
            }
        }
        // A probability may be too small for its exponential.
        return found ? OptionalDouble.of(Math.log(Math.max(sum, Double.MIN_NORMAL))) : OptionalDouble.empty();
    }
}
