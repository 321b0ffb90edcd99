package dev.rerank4j.remote;

import java.util.regex.Pattern;

/** Texts without lone surrogates: the only ones that UTF-8 can hold. */
final class WellFormed {

    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private WellFormed() {
    }

    static boolean is(String text) {
        return !LONE_SURROGATE.matcher(text).find();
    }

    /** The text with each lone surrogate replaced by U+FFFD. */
    static String of(String text) {
        return LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
    }
}
