package dev.rerank4j;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of a text is compared with others to find repetitions; see {@link ContextOptions}.
 *
 * @param runs the different runs of three words, or the whole text if it has fewer
 * @param numbers the different words with a digit
 */
record Wording(Set<String> runs, Set<String> numbers) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern DIGIT = Pattern.compile("\\p{N}");
    private static final int RUN = 3;

    static Wording of(String text) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(match -> match.group()).toList();
        return new Wording(runs(words, text),
                words.stream().filter(word -> DIGIT.matcher(word).find()).collect(Collectors.toSet()));
    }

    private static Set<String> runs(List<String> words, String text) {
        if (words.size() <= RUN) {
            return Set.of(words.isEmpty() ? text.strip() : String.join(" ", words));
        }
        Set<String> runs = new HashSet<>();
        for (int i = 0; i + RUN <= words.size(); i++) {
            runs.add(String.join(" ", words.subList(i, i + RUN)));
        }
        return runs;
    }

    /** How many runs both have, of all that either has: 0 to 1. */
    double resemblance(Wording other) {
        long common = runs.stream().filter(other.runs::contains).count();
        return (double) common / (runs.size() + other.runs.size() - common);
    }

    /** Whether it says nothing new beside the other. */
    boolean repeats(Wording other, double nearDuplicate) {
        return numbers.equals(other.numbers) && resemblance(other) >= nearDuplicate;
    }
}
