package dev.rerank4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stretch of a document on its way into a prompt: one passage, or neighbours joined.
 *
 * @param hits whose passages it is made of, in the order of the ranking
 * @param location of the whole stretch
 * @param text the document's, from the location's start to its end where that is known
 * @param cut whether the text lost its end
 * @param runs of each hit's text, for comparison with others
 */
record ContextPiece(List<Hit> hits, Location location, String text, boolean cut, List<Set<List<String>>> runs) {

    /** What may lie between two neighbours: a blank, or the two line breaks between paragraphs. */
    private static final String[] GAPS = {"", " ", "\n\n"};

    static ContextPiece of(Hit hit) {
        Passage passage = hit.passage();
        return new ContextPiece(List.of(hit), passage.location(), passage.text(), false,
                List.of(ContextText.runs(passage.text())));
    }

    String documentId() {
        return hits.getFirst().passage().documentId();
    }

    /** The same with less text. */
    ContextPiece cutTo(String beginning) {
        Location whole = location;
        int end = ranged() ? whole.start() + beginning.length() : whole.end();
        return new ContextPiece(hits, new Location(whole.file(), whole.headings(), whole.page(), whole.start(), end),
                beginning, true, runs);
    }

    Citation citation(int number) {
        return new Citation(number, documentId(), hits.getFirst().passage().title(), location,
                ContextText.defused(text), cut, hits);
    }

    /** How much one of its passages resembles the other at most. */
    double resemblance(ContextPiece other) {
        return runs.stream().mapToDouble(own -> ContextText.resemblance(own, other.runs.getFirst())).max().orElse(0);
    }

    /** Both in one; empty if they are no neighbours. */
    Optional<ContextPiece> join(ContextPiece other) {
        boolean first = location.start() <= other.location.start();
        ContextPiece before = first ? this : other;
        ContextPiece after = first ? other : this;
        int overlap = before.location.end() - after.location.start();
        if (!documentId().equals(other.documentId()) || !ranged() || !other.ranged() || overlap <= -GAPS.length
                || !location.headings().equals(other.location.headings())) {
            return Optional.empty();
        }
        boolean within = after.location.end() <= before.location.end();
        int shared = within ? after.text.length() : Math.max(0, overlap);
        int from = after.location.start() - before.location.start();
        // Passages of another version of the document would be joined at the wrong place.
        if (shared > 0 && !before.text.regionMatches(from, after.text, 0, shared)) {
            return Optional.empty();
        }
        String joined = within
                ? before.text
                : before.text + GAPS[Math.max(0, -overlap)] + after.text.substring(shared);
        Location at = before.location;
        Location both = new Location(at.file(), at.headings(), at.page(), at.start(),
                Math.max(at.end(), after.location.end()));
        List<Hit> all = new ArrayList<>(hits);
        all.addAll(other.hits);
        all.sort(Comparator.comparingInt(hit -> hit.evidence().getLast().rank()));
        List<Set<List<String>>> texts = new ArrayList<>(runs);
        texts.addAll(other.runs);
        return Optional.of(new ContextPiece(all, both, joined, cut || other.cut, texts));
    }

    /** Whether the location says where in the document exactly this text stands. */
    private boolean ranged() {
        return !text.isEmpty() && location.end() - location.start() == text.length();
    }
}
