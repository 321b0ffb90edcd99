package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.ingest.LanguageDetector;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which languages passages are in, as their metadata {@code language} say.
 *
 * @param counts passages by two-letter code; those of an unknown language are not among them
 * @param passages all of them
 */
record TextLanguages(Map<String, Integer> counts, int passages) {

    private static final Set<String> CODES = Set.copyOf(Arrays.asList(Locale.getISOLanguages()));

    /** Less than this is noise. */
    private static final double SHARE_WORTH_NAMING = 0.05;

    /** Of all passages. */
    static TextLanguages of(TextIndex index) {
        return of(index, Filter.NONE);
    }

    /** Of the passages that pass a filter. */
    static TextLanguages of(TextIndex index, Filter filter) {
        Map<String, Integer> counts = new TreeMap<>();
        index.counts(LanguageDetector.FIELD, filter).forEach((text, count) -> {
            String code = text.toLowerCase(Locale.ROOT).split("[-_]", 2)[0]; // people also write de-AT, pt_BR
            if (CODES.contains(code)) {
                counts.merge(code, count, Integer::sum);
            }
        });
        return new TextLanguages(counts, index.count(filter));
    }

    /** Passages of a known language. */
    int known() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How much of what is known is in languages of some kind: 0 to 1, 0 if nothing is known. */
    double share(Predicate<String> kind) {
        int of = counts.entrySet().stream().filter(entry -> kind.test(entry.getKey())).mapToInt(Map.Entry::getValue)
                .sum();
        return of == 0 ? 0 : (double) of / known();
    }

    /** The languages with more than a few passages, the one with most of them first. */
    List<String> present() {
        return counts.entrySet().stream().filter(entry -> entry.getValue() >= SHARE_WORTH_NAMING * known())
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())).map(Map.Entry::getKey)
                .toList();
    }

    /** For people, such as {@code texts: German (de) 97 %, English (en) 2 %; words analysed as German (de)}. */
    String summary(String analysis) {
        List<String> shares = present().stream()
                .map(code -> name(code) + String.format(Locale.ROOT, " %.0f %%", 100.0 * counts.get(code) / passages))
                .toList();
        return "texts: " + (shares.isEmpty() ? "of unknown language" : String.join(", ", shares)) + "; words "
                + (analysis.isEmpty() ? "as they are" : "analysed as " + name(analysis));
    }

    /** {@code German (de)}. */
    static String name(String code) {
        return Locale.forLanguageTag(code).getDisplayName(Locale.ENGLISH) + " (" + code + ")";
    }

    /** {@code German (de) and French (fr)}. */
    static String names(Collection<String> codes) {
        List<String> names = codes.stream().map(TextLanguages::name).toList();
        return names.size() < 2
                ? String.join("", names)
                : names.stream().limit(names.size() - 1).collect(Collectors.joining(", ")) + " and " + names.getLast();
    }
}
