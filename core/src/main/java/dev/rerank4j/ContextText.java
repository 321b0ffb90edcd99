package dev.rerank4j;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What is done to texts on their way into a prompt. */
final class ContextText {

    private static final Pattern FORGED = Pattern.compile("^(\\h*)\\[(\\d+)]", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern BREAKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
    private static final int RUN = 3;

    private ContextText() {
    }

    /** A line of the text that begins like a citation would be taken for one: its brackets become round ones. */
    static String defused(String text) {
        return FORGED.matcher(text).replaceAll("$1($2)");
    }

    static String oneLine(String text) {
        return BREAKS.matcher(text).replaceAll(" ").strip();
    }

    /** Title and headings, the empty ones left out. */
    static List<String> named(String title, List<String> headings) {
        List<String> names = new ArrayList<>();
        names.add(title);
        names.addAll(headings);
        names.removeIf(String::isBlank);
        return names;
    }

    /** File and page, as far as they are known. */
    static String place(Location location) {
        String page = location.page().isPresent() ? "page " + location.page().getAsInt() : "";
        return location.file().isEmpty() || page.isEmpty()
                ? location.file() + page
                : location.file() + ", " + page;
    }

    /** The longest beginning that fits, up to the end of a sentence, or else of a word; empty if none does. */
    static String beginning(String text, Predicate<String> fits) {
        String sentences = longest(text, BreakIterator.getSentenceInstance(Locale.ROOT), fits);
        return sentences.isEmpty() ? longest(text, BreakIterator.getWordInstance(Locale.ROOT), fits) : sentences;
    }

    private static String longest(String text, BreakIterator breaks, Predicate<String> fits) {
        List<Integer> ends = new ArrayList<>();
        breaks.setText(text);
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            ends.add(end);
        }
        int low = 0; // so many breaks fit for certain
        int high = ends.size();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (fits.test(text.substring(0, ends.get(middle - 1)).stripTrailing())) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low == 0 ? "" : text.substring(0, ends.get(low - 1)).stripTrailing();
    }

    /** The different runs of three words. */
    static Set<List<String>> runs(String text) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(match -> match.group()).toList();
        if (words.size() <= RUN) {
            return Set.of(words.isEmpty() ? List.of(text.strip()) : words);
        }
        Set<List<String>> runs = new HashSet<>();
        for (int i = 0; i + RUN <= words.size(); i++) {
            runs.add(words.subList(i, i + RUN));
        }
        return runs;
    }

    /** How much two sets have in common, 0 to 1. */
    static double resemblance(Set<List<String>> a, Set<List<String>> b) {
        long common = a.stream().filter(b::contains).count();
        return (double) common / (a.size() + b.size() - common);
    }
}
