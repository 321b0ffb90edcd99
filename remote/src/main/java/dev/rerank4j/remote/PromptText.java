package dev.rerank4j.remote;

import dev.rerank4j.ScoreRequest.Side;
import dev.rerank4j.TokenCounter;
import java.util.regex.Pattern;

/**
 * Texts of others, as they may stand in a prompt: cut to a length, and without what would end their place there. What
 * delimits is changed by a blank or by another bracket, so that a reader sees what was meant and a tokenizer sees plain
 * text. What a text says remains what it says.
 */
final class PromptText {

    /** Longer words than any language has; a limit for texts of blanks, which count as no tokens. */
    private static final int CHARS_PER_TOKEN = 12;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");
    /** Half characters, which no UTF-8 has. */
    private static final Pattern BROKEN = Pattern.compile("\\p{Cs}");
    /** Special tokens and tags of all templates: {@code <|im_end|>}, {@code </s>}, {@code <think>}, {@code <Query>}. */
    private static final Pattern TAG_START = Pattern.compile("<(?=[\\p{L}/|!<\uff5c\u2581])");
    private static final Pattern TAG_END = Pattern.compile("([|\uff5c])>");
    /** {@code [INST]}, {@code [/INST]}, {@code [gMASK]}, {@code [|user|]}; and Ollama's {@code [img-0]}. */
    private static final Pattern BRACKET_TAG = Pattern.compile("\\[(?=/?[a-z]?[A-Z_]{2,}\\]|\\||img-\\d+\\])");
    /** Of templates in plain text: {@code USER:}, and {@code User:} where a line begins. */
    private static final Pattern ROLE = Pattern.compile(
            "((?m:^)[ \\t#*]*+(?i:user|assistant|system|human|model|instruction|response)|\\b(?:USER|ASSISTANT|SYSTEM|HUMAN))"
                    + "(\\**\\s*):");
    /** Numbers as passages are named by: {@code [3]}, in any brackets of the kind. */
    private static final Pattern NUMBER = Pattern.compile("[\\[\uff3b\u3010\u3014\u27e6][\\s\\p{Z}\\p{Cf}]*+"
            + "(\\p{Nd}++)[\\s\\p{Z}\\p{Cf}]*+[\\]\uff3d\u3011\u3015\u27e7]");
    /** Labels as passages are named by: {@code Passage B:}. */
    private static final Pattern LABEL = Pattern
            .compile("(?i)\\bpassage[\\s\\p{Z}\\p{Cf}]++(\\p{L})[\\s\\p{Z}\\p{Cf}]*+:");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u2028\\u2029]+");

    private static final TokenCounter TOKENS = TokenCounter.approximate();

    /**
     * A text that is short enough.
     *
     * @param tokens approximately
     * @param cut whether a part is missing
     */
    record Piece(String text, int tokens, boolean cut) {
    }

    private PromptText() {
    }

    static int tokens(String text) {
        return TOKENS.count(text);
    }

    /** As much of a text as has no more tokens than that. */
    static Piece cut(String text, int room, Side side) {
        if (text.length() <= (long) room * CHARS_PER_TOKEN) {
            int all = tokens(text);
            if (all <= room) {
                return new Piece(text, all, false);
            }
        }
        int fits = 0;
        int most = (int) Math.min(text.length(), (long) room * CHARS_PER_TOKEN);
        while (fits < most) {
            int middle = (fits + most + 1) / 2;
            if (tokens(end(text, middle, side)) <= room) {
                fits = middle;
            } else {
                most = middle - 1;
            }
        }
        String kept = end(text, fits, side);
        return new Piece(kept, tokens(kept), true);
    }

    private static String end(String text, int length, Side cut) {
        boolean halved = length > 0 && length < text.length() && switch (cut) {
            case END -> Character.isHighSurrogate(text.charAt(length - 1));
            case START -> Character.isLowSurrogate(text.charAt(text.length() - length));
        };
        int whole = halved ? length - 1 : length;
        return switch (cut) {
            case END -> text.substring(0, whole);
            case START -> text.substring(text.length() - whole);
        };
    }

    /** Keeps the lines; nothing in it is a special token, a tag or the name of a role any more. */
    static String inert(String text) {
        String plain = BROKEN.matcher(CONTROL.matcher(text).replaceAll(" ")).replaceAll("\ufffd");
        String untagged = TAG_END.matcher(TAG_START.matcher(plain).replaceAll("< ")).replaceAll("$1 >");
        return ROLE.matcher(BRACKET_TAG.matcher(untagged).replaceAll("[ ")).replaceAll("$1$2 -");
    }

    /** On one line, and inert; nothing in it names a passage or ends a quotation, either. */
    static String line(String text) {
        String unnamed = LABEL.matcher(NUMBER.matcher(inert(text)).replaceAll("($1)")).replaceAll("passage ($1)");
        return BLANKS.matcher(unnamed.replace('"', '\'')).replaceAll(" ").strip();
    }
}
