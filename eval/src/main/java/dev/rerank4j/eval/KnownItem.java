package dev.rerank4j.eval;

import java.util.Locale;

/**
 * A query that was made from a document, and the document it must find.
 *
 * @param id of the query, unique among those made together
 * @param text one line
 * @param kind what it was made of
 * @param documentId the one document that answers it
 * @param passageId where in the document it comes from
 */
public record KnownItem(String id, String text, Kind kind, String documentId, String passageId) {

    /** What a query was made of. */
    public enum Kind {
        /** The document's title. */
        TITLE,
        /** The innermost heading above the passage. */
        HEADING,
        /** The words of the passage's first sentence that say most: what somebody remembers who has read it. */
        SENTENCE,
        /** Two to five words that set the passage apart. */
        PHRASE,
        /** A question that a language model asked after reading the passage. */
        QUESTION;

        /** As files have it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
