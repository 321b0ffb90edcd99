package dev.rerank4j.lucene;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;

/** Texts without lone surrogates: the only ones that UTF-8, and so a stored passage and a term, can hold. */
final class WellFormed {

    private WellFormed() {
    }

    static boolean is(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPairAt(text, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** The text with each lone surrogate replaced by U+FFFD; as long as before. */
    static String of(String text) {
        if (is(text)) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (Character.isSurrogate(chars[i])) {
                if (isPairAt(text, i)) {
                    i++;
                } else {
                    chars[i] = '\uFFFD';
                }
            }
        }
        return new String(chars);
    }

    /**
     * The name itself. Names are refused rather than repaired, because two of them could become the same.
     *
     * @throws RerankException if it holds a lone surrogate
     */
    static String name(String what, String name) {
        if (!is(name)) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    what + " must be well-formed Unicode, got a lone surrogate in " + of(name) + ": choose another");
        }
        return name;
    }

    private static boolean isPairAt(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
