package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judged query with its candidates, as {@code rerank candidates} writes it, one JSON object a line.
 *
 * @param query its text
 * @param candidates those of the first stage, best first; then passages of judged documents that it did not find
 */
@JsonPropertyOrder({"query", "candidates"})
record TrainingQuery(String query, List<Candidate> candidates) {

    /**
     * A passage.
     *
     * @param document as the judgments name it
     * @param passage its place among the document's passages, from 1
     * @param text what a cross-encoder reads of it
     * @param grade its document's; null where nobody judged it
     * @param bm25 its score; null if BM25 did not find it
     * @param vector its score; null if the vectors did not find it
     * @param logit the model's; null without a model
     */
    @JsonPropertyOrder({"document", "passage", "text", "grade", "bm25", "vector", "logit"})
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Candidate(String document, int passage, String text, @Nullable Integer grade, @Nullable Double bm25,
            @Nullable Double vector, @Nullable Float logit) {

        /** What the first stage found. */
        static Candidate of(Hit hit, String document, int passage, @Nullable Integer grade) {
            return new Candidate(document, passage, hit.passage().content(), grade, score(hit, "bm25"),
                    score(hit, "vector"), null);
        }

        /** What it did not find. */
        static Candidate of(Passage found, String document, int passage, int grade) {
            return new Candidate(document, passage, found.content(), grade, null, null, null);
        }

        private static @Nullable Double score(Hit hit, String stage) {
            return hit.evidence().stream().filter(each -> each.stage().equals(stage)).map(Evidence::score).findFirst()
                    .orElse(null);
        }

        Candidate withLogit(float value) {
            return new Candidate(document, passage, text, grade, bm25, vector, value);
        }

        boolean relevant() {
            return grade != null && grade > 0;
        }

        boolean found() {
            return bm25 != null || vector != null;
        }
    }

    /** Whether there is something to tell apart. */
    boolean teaches() {
        return candidates.stream().anyMatch(Candidate::relevant)
                && candidates.stream().anyMatch(candidate -> !candidate.relevant());
    }
}
