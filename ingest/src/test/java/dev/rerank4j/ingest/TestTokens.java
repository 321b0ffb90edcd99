package dev.rerank4j.ingest;

import java.util.stream.IntStream;

/** Small tokenizers with the manners of real ones. */
enum TestTokens implements Tokens {

    /** Words and marks; pieces of four characters; a word of more than 100 characters is one unknown token. */
    PIECES {
        @Override
        public int[] starts(String text) {
            IntStream.Builder starts = IntStream.builder();
            for (int i = 0; i < text.length();) {
                int end = i;
                while (end < text.length() && Character.isLetterOrDigit(text.charAt(end)) && !isIdeograph(text, end)) {
                    end++;
                }
                if (end == i) {
                    if (!Blanks.isBlank(text.charAt(i))) {
                        starts.add(i);
                    }
                    i++;
                    continue;
                }
                for (int piece = i; piece < end; piece += end - i > 100 ? end - i : 4) {
                    starts.add(piece);
                }
                i = end;
            }
            return starts.build().toArray();
        }
    },
    /** A token for each byte of UTF-8, all of a character at its start. */
    BYTES {
        @Override
        public int[] starts(String text) {
            IntStream.Builder starts = IntStream.builder();
            for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
                int codePoint = text.codePointAt(i);
                int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
                for (int b = 0; b < bytes; b++) {
                    starts.add(i);
                }
            }
            return starts.build().toArray();
        }
    },
    /** A token for each UTF-16 unit, in the middle of surrogate pairs too. */
    UNITS {
        @Override
        public int[] starts(String text) {
            return IntStream.range(0, text.length()).toArray();
        }
    },
    /** Reads nothing at all. */
    BLIND {
        @Override
        public int[] starts(String text) {
            return new int[0];
        }
    };

    private static boolean isIdeograph(String text, int index) {
        return Character.isIdeographic(text.charAt(index));
    }
}
