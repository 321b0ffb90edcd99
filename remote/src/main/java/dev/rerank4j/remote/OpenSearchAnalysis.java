package dev.rerank4j.remote;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a search engine cuts texts into words: as the embedded index does, where the engine has the same analysis without
 * a plugin. Chinese is cut into pairs of characters instead of words; Nepali, Serbian, Tamil and Telugu have words as
 * they are.
 */
final class OpenSearchAnalysis {

    /** The names under which an index has its analyses, of texts and of queries. */
    static final String TEXTS = "content";
    static final String QUERIES = "content_query";

    private static final Map<String, String> BUILT_IN = Map.ofEntries(entry("ar", "arabic"), entry("bg", "bulgarian"),
            entry("bn", "bengali"), entry("ca", "catalan"), entry("ckb", "sorani"), entry("cs", "czech"),
            entry("da", "danish"), entry("de", "german"), entry("el", "greek"), entry("en", "english"),
            entry("es", "spanish"), entry("et", "estonian"), entry("eu", "basque"), entry("fa", "persian"),
            entry("fi", "finnish"), entry("fr", "french"), entry("ga", "irish"), entry("gl", "galician"),
            entry("hi", "hindi"), entry("hu", "hungarian"), entry("hy", "armenian"), entry("id", "indonesian"),
            entry("it", "italian"), entry("ja", "cjk"), entry("ko", "cjk"), entry("lt", "lithuanian"),
            entry("lv", "latvian"), entry("nl", "dutch"), entry("no", "norwegian"), entry("pt", "portuguese"),
            entry("pt-br", "brazilian"), entry("ro", "romanian"), entry("ru", "russian"), entry("sv", "swedish"),
            entry("th", "thai"), entry("tr", "turkish"), entry("zh", "cjk"));

    private static final Set<String> ISO_639 = Set.copyOf(Arrays.asList(Locale.getISOLanguages()));

    /** What questions are made of: Snowball's list and Lucene's, as for queries of the embedded index. */
    private static final Set<String> ENGLISH_STOP_WORDS = words("english-stop-words.txt");

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}'\u2019]+");
    private static final Pattern POSSESSIVE = Pattern.compile("['\u2019][sS]$");

    private OpenSearchAnalysis() {
    }

    /** @throws IllegalArgumentException if there is no such language */
    static void check(String language) {
        if (!language.isEmpty() && !BUILT_IN.containsKey(language) && !ISO_639.contains(language)) {
            throw new IllegalArgumentException("language must be a two-letter code such as en, lower case, one of ckb "
                    + "and pt-br, or empty, got " + language);
        }
    }

    /** Writes the analyses into the settings of an index that is made. */
    static void put(String language, ObjectNode analyzers) {
        String type = BUILT_IN.getOrDefault(language, "standard");
        analyzers.putObject(TEXTS).put("type", type);
        ObjectNode queries = analyzers.putObject(QUERIES).put("type", type);
        if (language.equals("en")) {
            ENGLISH_STOP_WORDS.forEach(queries.putArray("stopwords")::add);
        }
    }

    /** The analysis for a query: that of texts if it has nothing but words that queries do without. */
    static String of(String language, String query) {
        return language.equals("en") && NO_WORD.splitAsStream(query).filter(word -> !word.isEmpty())
                .map(word -> POSSESSIVE.matcher(word).replaceFirst("").toLowerCase(Locale.ROOT))
                .allMatch(ENGLISH_STOP_WORDS::contains) ? TEXTS : QUERIES;
    }

    private static Set<String> words(String resource) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OpenSearchAnalysis.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
            return lines.lines().collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of this module cannot fail to be read", e);
        }
    }
}
