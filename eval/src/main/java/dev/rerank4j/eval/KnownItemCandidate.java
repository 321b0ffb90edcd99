package dev.rerank4j.eval;

import dev.rerank4j.Passage;
import dev.rerank4j.eval.KnownItem.Kind;
import dev.rerank4j.eval.KnownItemWords.Word;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** A query that a passage could give, until another document turns out to fit it as well. */
final class KnownItemCandidate {

    private static final int SHORTEST_TITLE = 4;
    private static final int LONGEST_TITLE = 150;
    private static final int SENTENCE_FROM = 6;
    private static final int SENTENCE_WORDS = 8;
    private static final int SENTENCE_WITHIN = 2_000;
    private static final int LEAST_WORDS = 6;

    private final Kind kind;
    private final String text;
    private final Passage passage;
    private boolean shared;

    private KnownItemCandidate(Kind kind, String text, Passage passage) {
        this.kind = kind;
        this.text = text;
        this.passage = passage;
    }

    /**
     * Whether queries can be made from the passage: it has a few words, and a judgments file can hold its document's
     * id.
     */
    static boolean eligible(Passage passage) {
        return KnownItemWords.of(passage.text()).stream().filter(Word::letters).limit(LEAST_WORDS)
                .count() == LEAST_WORDS
                && passage.documentId().chars().noneMatch(c -> c < ' ')
                && passage.documentId().strip().equals(passage.documentId());
    }

    /** All that a passage could give, of each kind at most one. */
    static List<KnownItemCandidate> of(Passage passage, KeyPhrases phrases, long seed) {
        List<KnownItemCandidate> candidates = new ArrayList<>();
        add(candidates, Kind.TITLE, title(passage.title()), passage);
        List<String> headings = passage.location().headings();
        if (!headings.isEmpty()) {
            add(candidates, Kind.HEADING, title(headings.getLast()), passage);
        }
        add(candidates, Kind.SENTENCE, sentence(passage, phrases), passage);
        int wanted = 2 + new Random(KnownItemWords.hash(seed, passage.id())).nextInt(4);
        List<Word> words = phrases.of(passage.text(), wanted);
        add(candidates, Kind.PHRASE, words.size() < 2
                ? Optional.empty()
                : Optional.of(KnownItemWords.join(passage.text(), words)), passage);
        return candidates;
    }

    private static void add(List<KnownItemCandidate> candidates, Kind kind, Optional<String> text, Passage passage) {
        text.ifPresent(found -> candidates.add(new KnownItemCandidate(kind, found, passage)));
    }

    /** A title of one word, such as "Overview" or a file's name, is nothing that anybody would look for. */
    private static Optional<String> title(String title) {
        String line = oneLine(title);
        List<Word> words = KnownItemWords.of(line);
        boolean fileName = line.indexOf(' ') < 0 && line.chars().anyMatch(c -> c == '.' || c == '_' || c == '-');
        return line.length() < SHORTEST_TITLE || line.length() > LONGEST_TITLE || words.size() < 2 || fileName
                || words.stream().noneMatch(Word::letters) ? Optional.empty() : Optional.of(line);
    }

    /** The first sentence that is one, without the third of its words that say least, eight of them at most. */
    private static Optional<String> sentence(Passage passage, KeyPhrases phrases) {
        String text = passage.text().substring(0, Math.min(passage.text().length(), SENTENCE_WITHIN));
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        long title = KnownItemWords.sequence(passage.title());
        int start = sentences.first();
        for (int end = sentences.next(); end != BreakIterator.DONE; start = end, end = sentences.next()) {
            String sentence = text.substring(start, end);
            List<Word> words = KnownItemWords.of(sentence);
            if (words.size() >= SENTENCE_FROM && KnownItemWords.sequence(sentence) != title) {
                int kept = Math.min(SENTENCE_WORDS, words.size() * 2 / 3);
                return Optional.of(KnownItemWords.join(sentence, phrases.rarest(words, kept)));
            }
        }
        return Optional.empty();
    }

    static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return text;
    }

    Passage passage() {
        return passage;
    }

    /** Whether another document fits it as well. */
    boolean shared() {
        return shared;
    }

    void share() {
        shared = true;
    }
}
