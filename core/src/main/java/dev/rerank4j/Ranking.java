package dev.rerank4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Hits, best first: the one value that flows through every stage. Scores descend, equal scores stand in the order of
 * their passage ids, every passage occurs once, every score is finite, and each hit's last {@link Evidence} is that of
 * the stage that made the ranking. Immutable; made by a {@link Builder} alone, so that order, ties, duplicates and NaN
 * are settled in one place.
 */
public final class Ranking implements Iterable<Hit> {

    private static final Comparator<Hit> BEST_FIRST = Comparator.comparingDouble(Hit::score).reversed()
            .thenComparing(hit -> hit.passage().id());

    private final String stage;
    private final List<Hit> hits;

    private Ranking(String stage, List<Hit> hits) {
        this.stage = stage;
        this.hits = List.copyOf(hits);
    }

    /**
     * Starts a ranking made by the stage of this name.
     *
     * @param stage the name under which the stage's evidence will stand; not blank
     * @return a builder without hits
     * @throws IllegalArgumentException if {@code stage} is blank
     */
    public static Builder builder(String stage) {
        return new Builder(stage);
    }

    /** {@return the name of the stage that made it} */
    public String stage() {
        return stage;
    }

    /** {@return all hits, best first; immutable} */
    public List<Hit> hits() {
        return hits;
    }

    /** {@return how many hits there are; 0 or more} */
    public int size() {
        return hits.size();
    }

    /** {@return whether there is no hit: nothing was found, which is an answer too} */
    public boolean isEmpty() {
        return hits.isEmpty();
    }

    @Override
    public Iterator<Hit> iterator() {
        return hits.iterator();
    }

    /**
     * {@return the best {@code limit} hits, or all if there are fewer}
     *
     * @param limit at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     */
    public Ranking top(int limit) {
        Checks.atLeastOne("limit", limit);
        return limit >= hits.size() ? this : new Ranking(stage, hits.subList(0, limit));
    }

    /**
     * {@return the hits that answer the query with at least this probability, in the same order; possibly none: then
     * nothing relevant was found, and an application had better say so than show what it has} A hit without a
     * probability is not among them. What probabilities are worth is measured in {@code docs/quality.md}.
     *
     * @param probability 0 to 1
     * @throws IllegalArgumentException if {@code probability} is not within 0 to 1
     */
    public Ranking atLeast(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be within 0 to 1, got " + probability);
        }
        return new Ranking(stage, hits.stream()
                .filter(hit -> hit.probability().isPresent() && hit.probability().getAsDouble() >= probability)
                .toList());
    }

    /** {@return the best hit of each document, in the same order: the best passage stands for its document} */
    public Ranking byDocument() {
        Set<String> seen = new HashSet<>();
        return new Ranking(stage, hits.stream().filter(hit -> seen.add(hit.passage().documentId())).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ranking ranking && stage.equals(ranking.stage) && hits.equals(ranking.hits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stage, hits);
    }

    @Override
    public String toString() {
        return "Ranking[stage=" + stage + ", hits=" + hits.size() + "]";
    }

    /**
     * Collects scored passages in any order. Of a passage added twice the higher score counts. Not safe for use by
     * several threads.
     */
    public static final class Builder {

        private final String stage;
        private final Map<String, Hit> best = new LinkedHashMap<>();

        private Builder(String stage) {
            if (stage.isBlank()) {
                throw new IllegalArgumentException("stage name must not be blank");
            }
            this.stage = stage;
        }

        /**
         * Adds a passage that no stage has seen before.
         *
         * @param passage what was found; if it was added before, the higher score counts
         * @param score higher is better; finite
         * @return this
         * @throws IllegalArgumentException if {@code score} is not finite
         */
        public Builder add(Passage passage, double score) {
            return add(new Hit(passage, score, OptionalDouble.empty(), List.of()));
        }

        /**
         * Adds a hit that carries the evidence of earlier stages, with this stage's score; this stage's evidence is
         * appended when the ranking is built.
         *
         * @param hit with the score of this stage; of its passage added before, the higher score counts
         * @return this
         * @throws IllegalArgumentException if a stage of the same name has already given evidence: names are unique
         *         within a search
         */
        public Builder add(Hit hit) {
            if (hit.evidence(stage).isPresent()) {
                throw new IllegalArgumentException("stage " + stage + " has already ranked passage "
                        + hit.passage().id() + ": give each stage of a search its own name");
            }
            best.merge(hit.passage().id(), hit, (a, b) -> b.score() > a.score() ? b : a);
            return this;
        }

        /** {@return the ranking of all that was added} The builder can go on being used. */
        public Ranking build() {
            List<Hit> ordered = new ArrayList<>(best.values());
            ordered.sort(BEST_FIRST);
            for (int i = 0; i < ordered.size(); i++) {
                Hit hit = ordered.get(i);
                List<Evidence> evidence = new ArrayList<>(hit.evidence());
                evidence.add(new Evidence(stage, i + 1, hit.score()));
                ordered.set(i, new Hit(hit.passage(), hit.score(), hit.probability(), evidence));
            }
            return new Ranking(stage, ordered);
        }
    }
}
