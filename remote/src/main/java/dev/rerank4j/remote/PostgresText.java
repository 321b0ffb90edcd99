package dev.rerank4j.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;

/**
 * Texts as PostgreSQL can hold them: without NUL and lone surrogates. A NUL is written as three noncharacters that no
 * text has, and so are those noncharacters themselves; nearly every text is kept as it is. A text is part of another
 * exactly if it is when both are written so, because what begins such a triple stands nowhere else in one.
 */
final class PostgresText {

    private static final char FIRST = '\uFDD0';
    private static final char ZERO = '\uFDD1';
    private static final char ONE = '\uFDD2';
    /** Each is written as {@link #FIRST} and two of the others, which say its place here. */
    private static final String REPLACED = "\0" + FIRST + ZERO + ONE;

    private PostgresText() {
    }

    /** What is stored of a text. */
    static String stored(String text) {
        String whole = WellFormed.of(text);
        int first = 0;
        while (first < whole.length() && REPLACED.indexOf(whole.charAt(first)) < 0) {
            first++;
        }
        if (first == whole.length()) {
            return whole;
        }
        StringBuilder stored = new StringBuilder(whole.length() + 16).append(whole, 0, first);
        for (int i = first; i < whole.length(); i++) {
            int place = REPLACED.indexOf(whole.charAt(i));
            if (place < 0) {
                stored.append(whole.charAt(i));
            } else {
                stored.append(FIRST).append(place < 2 ? ZERO : ONE).append(place % 2 == 0 ? ZERO : ONE);
            }
        }
        return stored.toString();
    }

    /** The text of which this is stored; what others have written is taken as it is. */
    static String read(String stored) {
        if (stored.indexOf(FIRST) < 0) {
            return stored;
        }
        StringBuilder text = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            if (stored.charAt(i) == FIRST && i + 2 < stored.length() && isDigit(stored.charAt(i + 1))
                    && isDigit(stored.charAt(i + 2))) {
                text.append(REPLACED.charAt(2 * (stored.charAt(i + 1) - ZERO) + stored.charAt(i + 2) - ZERO));
                i += 2;
            } else {
                text.append(stored.charAt(i));
            }
        }
        return text.toString();
    }

    /**
     * What is stored of a name. Names are refused rather than repaired, because two of them could become the same.
     *
     * @param longest in bytes of UTF-8
     * @throws RerankException if it holds a lone surrogate or is too long
     */
    static String name(String what, String name, int longest) {
        if (!WellFormed.is(name)) {
            throw new RerankException(Kind.INVALID_REQUEST, what
                    + " must be well-formed Unicode, got a lone surrogate in " + WellFormed.of(name)
                    + ": choose another");
        }
        String stored = stored(name);
        int bytes = stored.getBytes(UTF_8).length;
        if (bytes > longest) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    what + " must have at most " + longest + " bytes, got " + bytes + ": shorten it");
        }
        return stored;
    }

    private static boolean isDigit(char c) {
        return c == ZERO || c == ONE;
    }
}
