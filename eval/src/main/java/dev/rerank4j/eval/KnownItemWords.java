package dev.rerank4j.eval;

import java.lang.Character.UnicodeScript;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a text of any language into words that can be counted. Where no blanks stand between words, Thai and its
 * neighbours are cut by Java's dictionary, and Chinese and Japanese into pairs of neighbouring characters, which is what
 * search engines without a dictionary do: Java's own {@link BreakIterator} leaves them whole.
 */
final class KnownItemWords {

    private static final Locale THAI = Locale.of("th");

    /**
     * A word of a text.
     *
     * @param start its first character
     * @param end after its last one
     * @param hash the same for the same letters, in capitals or not
     * @param pair whether it is two neighbouring characters and may share one with the next
     * @param letters whether it begins with a letter
     */
    record Word(int start, int end, long hash, boolean pair, boolean letters) {
    }

    private enum Kind {
        NONE, SPACED, PAIRED, DICTIONARY
    }

    private KnownItemWords() {
    }

    /** The words in their order. */
    static List<Word> of(String text) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            Kind kind = kind(code);
            int end = at + Character.charCount(code);
            while (end < text.length() && continues(text, end, kind)) {
                end += Character.charCount(text.codePointAt(end));
            }
            switch (kind) {
                case NONE -> {
                }
                case SPACED -> words.add(word(text, at, end, false));
                case PAIRED -> pairs(text, at, end, words);
                case DICTIONARY -> dictionary(text, at, end, words);
            }
            at = end;
        }
        return words;
    }

    /** Hashes of the words, ascending, each once. */
    static long[] distinct(String text) {
        return of(text).stream().mapToLong(Word::hash).sorted().distinct().toArray();
    }

    /** One number for a sequence of words, whatever stands between them. */
    static long sequence(String text) {
        long hash = 17;
        for (Word word : of(text)) {
            hash = mix(hash * 31 + word.hash());
        }
        return hash;
    }

    /** The words as they stand in the text, in its order, a blank where it has others between them. */
    static String join(String text, List<Word> words) {
        StringBuilder joined = new StringBuilder();
        int last = -1;
        for (Word word : words.stream().sorted(Comparator.comparingInt(Word::start)).toList()) {
            if (word.pair() && word.start() <= last) {
                joined.append(text, last, word.end());
            } else {
                joined.append(joined.isEmpty() ? "" : " ").append(text, word.start(), word.end());
            }
            last = word.end();
        }
        return joined.toString();
    }

    /** A number that looks random, of a seed and a text. */
    static long hash(long seed, String text) {
        long hash = mix(seed ^ 0x9E3779B97F4A7C15L);
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    private static boolean continues(String text, int at, Kind kind) {
        int code = text.codePointAt(at);
        if (kind(code) == kind) {
            return true;
        }
        if (kind != Kind.SPACED) {
            return kind != Kind.NONE && isMark(code);
        }
        int next = at + Character.charCount(code);
        if (next >= text.length() || kind(text.codePointAt(next)) != Kind.SPACED) {
            return false;
        }
        return switch (code) {
            case '\'', '’' -> true;
            case '.', ',' -> Character.isDigit(text.charAt(at - 1)) && Character.isDigit(text.charAt(next));
            default -> false;
        };
    }

    private static Kind kind(int code) {
        if (code < 0x80) {
            return Character.isLetterOrDigit(code) ? Kind.SPACED : Kind.NONE;
        }
        if (!Character.isLetterOrDigit(code) && !isMark(code)) {
            return Kind.NONE;
        }
        return switch (UnicodeScript.of(code)) {
            case HAN, HIRAGANA, KATAKANA -> Kind.PAIRED;
            case THAI, LAO, KHMER, MYANMAR -> Kind.DICTIONARY;
            default -> Kind.SPACED;
        };
    }

    private static boolean isMark(int code) {
        return switch (Character.getType(code)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static void pairs(String text, int start, int end, List<Word> words) {
        int first = start;
        int second = text.offsetByCodePoints(start, 1);
        if (second >= end) {
            words.add(word(text, start, end, true));
        }
        while (second < end) {
            int after = text.offsetByCodePoints(second, 1);
            words.add(word(text, first, after, true));
            first = second;
            second = after;
        }
    }

    private static void dictionary(String text, int start, int end, List<Word> words) {
        BreakIterator breaks = BreakIterator.getWordInstance(THAI);
        breaks.setText(text.substring(start, end));
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            words.add(word(text, start + from, start + to, false));
        }
    }

    private static Word word(String text, int start, int end, boolean pair) {
        long hash = 0xCBF29CE484222325L;
        for (int at = start; at < end; at++) {
            hash = (hash ^ Character.toLowerCase(text.charAt(at))) * 0x100000001B3L;
        }
        return new Word(start, end, mix(hash), pair, Character.isLetter(text.codePointAt(start)));
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
