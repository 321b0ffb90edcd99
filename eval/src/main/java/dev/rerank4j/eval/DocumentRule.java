package dev.rerank4j.eval;

import dev.rerank4j.Hit;
import dev.rerank4j.Ranking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the scores of a document's passages become the document's score. Only the passages in the ranking count: what was
 * not a candidate is not known. Immutable.
 *
 * <p>{@link #BEST} and {@link #FIRST} are MaxP and FirstP of Dai and Callan, "Deeper Text Understanding for IR with
 * Contextual Neural Language Modeling", SIGIR 2019. {@link #DECAYED} lies between MaxP and that paper's SumP, which long
 * documents win by their length alone: the weights fall geometrically, as in rank-biased precision.
 */
public final class DocumentRule {

    /** The best passage's score. */
    public static final DocumentRule BEST = new DocumentRule("best", (hits, lowest) -> hits.getFirst().score());

    /**
     * The score of the passage that stands first in the document, by the start of its location; of passages with the
     * same start, the better one's.
     */
    public static final DocumentRule FIRST = new DocumentRule("first", (hits, lowest) -> hits.stream()
            .min(Comparator.comparingInt(hit -> hit.passage().location().start())).orElseThrow().score());

    /** {@link #decayed} by 0.5: the best passage's score, half of the second's, a quarter of the third's, and so on. */
    public static final DocumentRule DECAYED = new DocumentRule("decayed", decaying(0.5));

    /**
     * A document and its score.
     *
     * @param id the document's
     * @param score higher is better; comparable within one ranking only
     */
    public record Scored(String id, double score) {
    }

    /** Of a document's hits, best first, and the lowest score in the ranking. */
    @FunctionalInterface
    private interface Formula {
        double score(List<Hit> hits, double lowest);
    }

    private final String name;
    private final Formula formula;

    private DocumentRule(String name, Formula formula) {
        this.name = name;
        this.formula = formula;
    }

    /**
     * The best passage's score and the decayed rest: {@code sum over i from 0 of decay^i * (score_i - lowest)}, where
     * {@code score_i} are the document's passages, best first, and {@code lowest} is the lowest score in the whole
     * ranking. Logits may be negative, and a sum of those would punish a document for each further passage; less the
     * lowest, every passage adds something or nothing. So the figures depend on how deep the ranking is.
     *
     * @param decay 0 orders as {@link #BEST} does, 1 is SumP
     * @return a rule named {@code decayed(decay)}
     * @throws IllegalArgumentException if {@code decay} is not within 0 to 1
     */
    public static DocumentRule decayed(double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException("decay must be within 0 to 1, got " + decay);
        }
        return new DocumentRule("decayed(" + decay + ")", decaying(decay));
    }

    private static Formula decaying(double decay) {
        return (hits, lowest) -> {
            double sum = 0;
            double weight = 1;
            for (Hit hit : hits) {
                sum += weight * (hit.score() - lowest);
                weight *= decay;
            }
            return sum;
        };
    }

    /**
     * {@return a rule by its name: {@code best}, {@code first} or {@code decayed}, in capitals or not}
     *
     * @param name blanks around it do not count
     * @throws IllegalArgumentException if there is no such rule
     */
    public static DocumentRule parse(String name) {
        return Stream.of(BEST, FIRST, DECAYED)
                .filter(rule -> rule.name.equals(name.strip().toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "document rule must be one of best, first, decayed, got " + name));
    }

    /** {@return the rule's name, such as {@code best}} */
    public String name() {
        return name;
    }

    /**
     * {@return the documents of a ranking, best first; equal scores stand in the order of their best passages}
     *
     * @param passages the ranking; its lowest score counts for {@link #decayed}
     */
    public List<Scored> documents(Ranking passages) {
        Map<String, List<Hit>> byDocument = new LinkedHashMap<>();
        for (Hit hit : passages) {
            byDocument.computeIfAbsent(hit.passage().documentId(), id -> new ArrayList<>()).add(hit);
        }
        double lowest = passages.isEmpty() ? 0 : passages.hits().getLast().score();
        List<Scored> documents = new ArrayList<>();
        byDocument.forEach((id, hits) -> documents.add(new Scored(id, formula.score(hits, lowest))));
        documents.sort(Comparator.comparingDouble(document -> -document.score()));
        return documents;
    }

    @Override
    public String toString() {
        return name;
    }
}
