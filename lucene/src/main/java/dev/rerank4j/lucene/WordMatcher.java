package dev.rerank4j.lucene;

import java.util.List;
import java.util.Objects;
import org.apache.lucene.store.AlreadyClosedException;

/**
 * Where words of a query stand in a text, without an index: for hits that other engines found. Safe for use by several
 * threads.
 */
public final class WordMatcher implements AutoCloseable {

    private final Analysis analysis;

    private WordMatcher(Analysis analysis) {
        this.analysis = analysis;
    }

    /**
     * {@return what finds words as an index of that language does}
     *
     * @param language a code as {@link LuceneIndex#open} takes it; empty for words as they are
     * @throws IllegalArgumentException if there is no such language
     */
    public static WordMatcher of(String language) {
        Objects.requireNonNull(language, "language");
        return new WordMatcher(new Analysis(Languages.canonical(language)));
    }

    /**
     * Where words of the query stand in a text: "ran" where the query says "run", if the language's stems say so.
     *
     * @param query any text
     * @param text any text, such as that of a hit
     * @return ascending [start, end) pairs of character (UTF-16 unit) indexes, which neither overlap nor touch
     * @throws IllegalStateException if closed
     */
    public List<int[]> matches(String query, String text) {
        try {
            return analysis.matches(query, text);
        } catch (AlreadyClosedException e) {
            throw new IllegalStateException("the word matcher is closed", e);
        }
    }

    /** Frees what the analysis holds; a second call does nothing. */
    @Override
    public void close() {
        analysis.close();
    }
}
