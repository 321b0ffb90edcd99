package dev.rerank4j.remote;

import java.util.List;
import java.util.Map;

/**
 * What a language model answered.
 *
 * @param text its answer, perhaps with what it thought before
 * @param tokens the answer's tokens, as far as their log-probabilities were wanted and given
 * @param usage what it took
 */
record ChatAnswer(String text, List<Token> tokens, Usage usage) {

    private static final String THOUGHT = "<think";
    private static final String THOUGHT_END = "</think";

    /**
     * A token of the answer.
     *
     * @param text as the server writes it, a blank before a word included
     * @param top log-probabilities of the likeliest tokens in its place, its own among them
     */
    record Token(String text, Map<String, Double> top) {
    }

    /** The text without what the model thought: all up to the last end of a thought, and a thought that has no end. */
    String spoken() {
        int end = text.lastIndexOf(THOUGHT_END);
        String after = end < 0 ? text : text.substring(Math.max(end, text.indexOf('>', end) + 1));
        int thought = after.indexOf(THOUGHT);
        return (thought < 0 ? after : after.substring(0, thought)).strip();
    }

    /** The tokens that are not blank and not thought. */
    List<Token> spokenTokens() {
        int from = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).text().contains(THOUGHT_END)) {
                from = i + 1;
            }
        }
        return tokens.subList(from, tokens.size()).stream().filter(token -> !token.text().isBlank()).toList();
    }
}
