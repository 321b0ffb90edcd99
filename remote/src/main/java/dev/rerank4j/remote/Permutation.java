package dev.rerank4j.remote;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An order of passages, read out of what a model answered.
 *
 * @param named the passages that it names, from 0, each once, best first
 * @param of how many there are
 */
record Permutation(List<Integer> named, int of) {

    private static final String BRACKETED = "\\[\\s*+(?:(?i:passage)\\s*+)?(\\d++)\\s*+\\]";
    private static final Pattern IN_BRACKETS = Pattern.compile(BRACKETED);
    private static final Pattern CHAIN_IN_BRACKETS = Pattern.compile(BRACKETED + "(?:\\s*+[>,;=]++\\s*+" + BRACKETED
            + ")++");
    private static final Pattern BARE = Pattern.compile("(?<![\\d.])(\\d++)(?!\\.\\d)");
    private static final Pattern BARE_CHAIN = Pattern.compile("(?<!\\d)\\d++(?:\\s*+[>,;=]++\\s*+\\d++)++");
    private static final int MOST_DIGITS = 4;

    Permutation {
        named = List.copyOf(named);
    }

    /**
     * Reads {@code [2] > [1] > [3]}, and what models make of it: other separators, lists, digits of other kinds, no
     * brackets, words around it. If there are several such chains, the one that names the most passages counts, of equal
     * ones the last. Numbers that are no passage's are left out, as is one that came before.
     */
    static Permutation read(String answer, int of) {
        // Superscript, circled and full-width digits become digits.
        String text = Normalizer.normalize(answer, Normalizer.Form.NFKC).replace('\u3010', '[').replace('\u3011', ']');
        List<Integer> best = List.of();
        for (Pattern chain : List.of(CHAIN_IN_BRACKETS, BARE_CHAIN)) {
            Pattern number = chain == BARE_CHAIN ? BARE : IN_BRACKETS;
            Matcher chains = chain.matcher(text);
            while (chains.find()) {
                List<Integer> named = numbers(number, chains.group(), of);
                best = named.size() >= best.size() ? named : best;
            }
            // In a list, nothing chains them.
            List<Integer> all = best.size() >= enough(of) ? best : numbers(number, text, of);
            best = all.size() > best.size() ? all : best;
            if (!best.isEmpty()) {
                break;
            }
        }
        return new Permutation(best, of);
    }

    private static List<Integer> numbers(Pattern number, String text, int of) {
        Set<Integer> named = new LinkedHashSet<>();
        Matcher numbers = number.matcher(text);
        while (numbers.find()) {
            String digits = numbers.group(1);
            int value = digits.length() > MOST_DIGITS ? 0 : Integer.parseInt(digits);
            if (value >= 1 && value <= of) {
                named.add(value - 1);
            }
        }
        return List.copyOf(named);
    }

    /** Whether it names at least half of them, and two: one number may stand in any sentence. */
    boolean usable() {
        return named.size() >= enough(of);
    }

    private static int enough(int of) {
        return Math.max(2, (of + 1) / 2);
    }

    /** All of them: those that are named, and behind them the others as they were. */
    List<Integer> order() {
        Set<Integer> order = new LinkedHashSet<>(named);
        for (int i = 0; i < of; i++) {
            order.add(i);
        }
        return List.copyOf(order);
    }
}
