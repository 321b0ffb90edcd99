package dev.rerank4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A stretch of a document on its way into a prompt: one passage, or neighbours joined.
 *
 * @param hits whose passages it is made of, in the order of the ranking
 * @param location of the whole stretch
 * @param text the document's, from the location's start to its end where that is known
 * @param shown the text, defused
 * @param cut whether the text lost its end
 * @param wordings of each hit, for comparison with others
 */
record ContextPiece(List<Hit> hits, Location location, String text, String shown, boolean cut, List<Wording> wordings) {

    /** What lies between two neighbours: nothing, the blank or line break of sentences, the two breaks of paragraphs. */
    private static final String[] GAPS = {"", "\n", "\n\n"};

    private ContextPiece(List<Hit> hits, Location location, String text, boolean cut, List<Wording> wordings) {
        this(hits, location, text, ContextText.defused(text), cut, wordings);
    }

    static ContextPiece of(Hit hit) {
        Passage passage = hit.passage();
        return new ContextPiece(List.of(hit), passage.location(), passage.text(), false,
                List.of(Wording.of(passage.content())));
    }

    String documentId() {
        return hits.getFirst().passage().documentId();
    }

    /** The same with less text. */
    ContextPiece cutTo(String beginning) {
        Location whole = location;
        int end = ranged() ? whole.start() + beginning.length() : whole.end();
        return new ContextPiece(hits, new Location(whole.file(), whole.headings(), whole.page(), whole.start(), end),
                beginning, true, wordings);
    }

    Citation citation(int number) {
        return new Citation(number, documentId(), hits.getFirst().passage().title(), location,
                shown, cut, hits);
    }

    /** Whether it says nothing new beside a passage of the other. */
    boolean repeats(ContextPiece other, double nearDuplicate) {
        return other.wordings.stream().anyMatch(wording -> wordings.getFirst().repeats(wording, nearDuplicate));
    }

    /** Both in one; empty if they are no neighbours. */
    Optional<ContextPiece> join(ContextPiece other) {
        boolean first = location.start() <= other.location.start();
        ContextPiece before = first ? this : other;
        ContextPiece after = first ? other : this;
        int overlap = before.location.end() - after.location.start();
        if (!documentId().equals(other.documentId()) || !ranged() || !other.ranged() || overlap <= -GAPS.length
                || overlap <= 0 && !location.headings().equals(other.location.headings())) {
            return Optional.empty();
        }
        boolean within = after.location.end() <= before.location.end();
        int shared = within ? after.text.length() : Math.max(0, overlap);
        int from = after.location.start() - before.location.start();
        // Passages of another version of the document would be joined at the wrong place.
        if (!agree(before.text, from, after.text, shared)) {
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
        List<Wording> ofAll = new ArrayList<>(wordings);
        ofAll.addAll(other.wordings);
        return Optional.of(new ContextPiece(all, both, joined, cut || other.cut, ofAll));
    }

    /** Whether the same stands there, blanks aside: those between neighbours are guessed. */
    private static boolean agree(String before, int from, String after, int length) {
        return IntStream.range(0, length).allMatch(i -> before.charAt(from + i) == after.charAt(i)
                || Character.isWhitespace(before.charAt(from + i)) && Character.isWhitespace(after.charAt(i)));
    }

    /** Whether the location says where in the document exactly this text stands. */
    private boolean ranged() {
        return !text.isEmpty() && location.end() - location.start() == text.length();
    }
}
