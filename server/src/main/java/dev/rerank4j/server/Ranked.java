package dev.rerank4j.server;

import dev.rerank4j.Evidence;
import dev.rerank4j.Scores;
import dev.rerank4j.StageReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What all rerank dialects are answered with.
 *
 * @param model what answered: a model, or several as one
 * @param best the best of the texts, at most the limit
 * @param tokens of all pairs
 * @param cut how many of all texts lost a part
 * @param timings where the time went
 * @param stages what became of each model
 */
record Ranked(ServedCascade model, List<Item> best, long tokens, int cut, Scores.Timings timings,
        List<StageReport> stages) {

    /** Names the models that failed or were late. */
    private static final String DEGRADED = "X-Rerank-Degraded";

    /**
     * One text.
     *
     * @param text what the model said that read it last
     * @param probability of the last model that gave one; empty if none did
     * @param raw the logit, or that of a better one if it is lower: it falls with the rank
     * @param relevance 0 to 1 where the model has probabilities, otherwise its logit; it falls with the rank, too
     * @param evidence what each model said
     */
    record Item(Reading.Text text, OptionalDouble probability, float raw, float relevance, List<Evidence> evidence) {

        /** Its place in the request. */
        int index() {
            return text.index();
        }
    }

    /** Whether a model was late or failed. */
    boolean degraded() {
        return stages.stream().anyMatch(StageReport.Failed.class::isInstance);
    }

    /** An answer, which says in a header if a model was late or failed: the order is that of the one before it then. */
    Reply reply(Object body) {
        return reply(Map.of(), body);
    }

    Reply reply(Map<String, String> headers, Object body) {
        String failed = stages.stream().filter(StageReport.Failed.class::isInstance).map(StageReport::stage)
                .collect(Collectors.joining(", "));
        Map<String, String> all = new HashMap<>(headers);
        if (!failed.isEmpty()) {
            all.put(DEGRADED, failed);
        }
        return Reply.json(200, all, body);
    }
}
