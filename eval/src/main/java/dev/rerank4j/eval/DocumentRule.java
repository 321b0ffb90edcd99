package dev.rerank4j.eval;

import dev.rerank4j.Hit;
import dev.rerank4j.Ranking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the scores of a document's passages become the document's score. Only the passages in the ranking count: what was
 * not a candidate is not known.
 *
 * <p>{@link #BEST} and {@link #FIRST} are MaxP and FirstP of Dai and Callan, "Deeper Text Understanding for IR with
 * Contextual Neural Language Modeling", SIGIR 2019. {@link #DECAYED} lies between MaxP and that paper's SumP, which long
 * documents win by their length alone: the weights fall geometrically, as in rank-biased precision.
 */
public sealed interface DocumentRule {

    /** The best passage's score. */
    DocumentRule BEST = new Best();

    /** The score of the passage that stands first in the document. */
    DocumentRule FIRST = new First();

    /** The best passage's score, and half of the second's, a quarter of the third's, and so on. */
    DocumentRule DECAYED = new Decayed(0.5);

    /** {@link #BEST}. */
    record Best() implements DocumentRule {

        @Override
        public double score(List<Hit> passages, double lowest) {
            return passages.getFirst().score();
        }
    }

    /** {@link #FIRST}: by the start of its location; of passages with the same start, the better one. */
    record First() implements DocumentRule {

        @Override
        public double score(List<Hit> passages, double lowest) {
            return passages.stream().min(Comparator.comparingInt(hit -> hit.passage().location().start()))
                    .orElseThrow().score();
        }
    }

    /**
     * The best passage's score and the decayed rest: {@code sum over i from 0 of decay^i * (score_i - lowest)}, where
     * {@code score_i} are the document's passages, best first, and {@code lowest} is the lowest score in the whole
     * ranking. Logits may be negative, and a sum of those would punish a document for each further passage; less the
     * lowest, every passage adds something or nothing. So the figures depend on how deep the ranking is.
     *
     * @param decay 0 is {@link #BEST}, 1 is SumP
     */
    record Decayed(double decay) implements DocumentRule {

        /**
         * @throws IllegalArgumentException if {@code decay} is not within 0 to 1
         */
        public Decayed {
            if (!(decay >= 0 && decay <= 1)) {
                throw new IllegalArgumentException("decay must be within 0 to 1, got " + decay);
            }
        }

        @Override
        public double score(List<Hit> passages, double lowest) {
            double sum = 0;
            double weight = 1;
            for (Hit hit : passages) {
                sum += weight * (hit.score() - lowest);
                weight *= decay;
            }
            return sum;
        }
    }

    /**
     * A document and its score.
     *
     * @param id the document's
     * @param score higher is better; comparable within one ranking only
     */
    record Scored(String id, double score) {
    }

    /**
     * The score of one document.
     *
     * @param passages the document's hits, best first; at least one
     * @param lowest the lowest score among all passages of the ranking
     */
    double score(List<Hit> passages, double lowest);

    /** The documents of a ranking, best first; equal scores stand in the order of their best passages. */
    default List<Scored> documents(Ranking passages) {
        Map<String, List<Hit>> byDocument = new LinkedHashMap<>();
        for (Hit hit : passages) {
            byDocument.computeIfAbsent(hit.passage().documentId(), id -> new ArrayList<>()).add(hit);
        }
        double lowest = passages.isEmpty() ? 0 : passages.hits().getLast().score();
        List<Scored> documents = new ArrayList<>();
        byDocument.forEach((id, hits) -> documents.add(new Scored(id, score(hits, lowest))));
        documents.sort(Comparator.comparingDouble(document -> -document.score()));
        return documents;
    }

    /**
     * A rule by its name: {@code best}, {@code first} or {@code decayed}, in capitals or not.
     *
     * @throws IllegalArgumentException if there is no such rule
     */
    static DocumentRule parse(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "best" -> BEST;
            case "first" -> FIRST;
            case "decayed" -> DECAYED;
            default -> throw new IllegalArgumentException(
                    "document rule must be one of best, first, decayed, got " + name);
        };
    }
}
