package dev.rerank4j.ingest;

import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;

/**
 * The tokens of a stretch of text, and how good a place the start of each is for a cut. Made in time and space that
 * grow with the text, by tokenizing each part of it once.
 */
final class TokenMap {

    /** Ranks of the places before tokens. At NOWHERE no text can be cut. */
    static final byte NOWHERE = 0;
    static final byte IN_WORD = 1;
    static final byte WORD = 2;
    static final byte SENTENCE = 3;

    /** A tokenizer's answer for so much text is some megabytes. */
    private static final int SLICE = 64_000;
    private static final int SLICE_END = 1_000;
    private static final int LONGEST_TOKEN = 32;

    private final String text;
    private final int end;
    private int[] starts = new int[64];
    private int count;
    private byte[] ranks = {};

    private TokenMap(String text, int end) {
        this.text = text;
        this.end = end;
    }

    static TokenMap of(Tokens tokens, String text, int start, int end) {
        TokenMap map = new TokenMap(text, end);
        for (int from = start; from < end;) {
            int to = sliceEnd(text, from, end);
            map.addSlice(tokens.starts(text.substring(from, to)), from, to);
            from = to;
        }
        map.rankAll(start);
        return map;
    }

    int count() {
        return count;
    }

    /** Where a token starts; for {@link #count()} the end of the text. */
    int start(int token) {
        return token < count ? starts[token] : end;
    }

    byte rank(int token) {
        return ranks[token];
    }

    /** The first token that starts at or after a character. */
    int firstFrom(int index) {
        int found = Arrays.binarySearch(starts, 0, count, index);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && starts[found - 1] == index) {
            found--;
        }
        return found;
    }

    private static int sliceEnd(String text, int from, int end) {
        if (end - from <= SLICE) {
            return end;
        }
        int to = from + SLICE;
        for (int index = to; index > to - SLICE_END; index--) {
            if (Blanks.isBlank(text.charAt(index))) {
                return index;
            }
        }
        return cutsPair(text, to) ? to - 1 : to;
    }

    private void addSlice(int[] found, int from, int to) {
        int next = from;
        for (int i = 0; i < found.length; i++) {
            int start = Math.clamp((long) from + found[i], next, to);
            addLongest(next, start);
            next = cutsPair(text, start) && start > from ? start - 1 : start;
            if (next < to) {
                add(next);
            }
        }
        addLongest(next, to);
    }

    /** What is longer than a word is taken apart, blanks or not. */
    private void addLongest(int last, int end) {
        for (int start = last + LONGEST_TOKEN; start < end; start += LONGEST_TOKEN) {
            add(cutsPair(text, start) ? start - 1 : start);
        }
    }

    private void add(int start) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = start;
    }

    private void rankAll(int from) {
        ranks = new byte[count];
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text.substring(from, end));
        int sentence = sentences.first();
        int previous = from;
        for (int token = 0; token < count; token++) {
            int start = starts[token];
            while (sentence != BreakIterator.DONE && sentence + from <= previous) {
                sentence = sentences.next();
            }
            boolean sentenceBegins = sentence != BreakIterator.DONE && sentence + from <= start;
            ranks[token] = start == previous && token > 0 ? NOWHERE : rankOf(previous, start, sentenceBegins);
            previous = start;
        }
    }

    /** Of a token that starts at {@code start}, after one that started at {@code previous}. */
    private byte rankOf(int previous, int start, boolean sentenceBegins) {
        int word = Blanks.skipBack(text, previous, start);
        int line = text.indexOf('\n', word, start);
        boolean paragraphBegins = line >= 0 && text.indexOf('\n', line + 1, start) >= 0;
        if (sentenceBegins || paragraphBegins) {
            return SENTENCE;
        }
        return word < start ? WORD : IN_WORD;
    }

    private static boolean cutsPair(String text, int index) {
        return index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index))
                && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
