package dev.rerank4j;

import java.util.List;

/** Texts nobody writes and everybody gets: each must be answered, not fail. */
public final class OddTexts {

    private static final List<String> ALL = List.of(
            "",
            " ",
            "\t\r\n \u00a0\u3000",
            "\0",
            "paris\0france",
            "\ud83d", // a high surrogate alone
            "\udd25 paris", // a low surrogate alone
            "paris \ud83d\ud83d\udd25\udd25",
            "\ufeff\ufffe\uffff",
            "😀🇫🇷👩‍👩‍👧‍👦",
            "巴黎是法国的首都。",
            "باريس عاصمة فرنسا",
            "e\u0301\u0301\u0301\u0301",
            "AND OR NOT +(-\"~*?:^[]{}!\\/",
            "[CLS] [SEP] [PAD] [MASK] <s> </s>",
            "a".repeat(1 << 20));

    private OddTexts() {
    }

    /**
     * Empty, blank, NUL, broken surrogates, other scripts, query syntax, special tokens, a word of a million letters.
     */
    public static List<String> all() {
        return ALL;
    }
}
