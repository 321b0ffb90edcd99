package dev.rerank4j.lucene;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.icu.ICUNormalizer2Filter;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.te.TeluguAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.apache.lucene.util.IOUtils;

/** What is known of languages: how to cut their texts into words, and words to their stems. */
final class Languages {

    private static final Map<String, Supplier<Analyzer>> STEMMED = Map.ofEntries(
            entry("ar", ArabicAnalyzer::new), entry("bg", BulgarianAnalyzer::new), entry("bn", BengaliAnalyzer::new),
            entry("ca", CatalanAnalyzer::new), entry("ckb", SoraniAnalyzer::new), entry("cs", CzechAnalyzer::new),
            entry("da", DanishAnalyzer::new), entry("de", GermanAnalyzer::new), entry("el", GreekAnalyzer::new),
            entry("en", EnglishAnalyzer::new), entry("es", SpanishAnalyzer::new), entry("et", EstonianAnalyzer::new),
            entry("eu", BasqueAnalyzer::new), entry("fa", PersianAnalyzer::new), entry("fi", FinnishAnalyzer::new),
            entry("fr", FrenchAnalyzer::new), entry("ga", IrishAnalyzer::new), entry("gl", GalicianAnalyzer::new),
            entry("hi", HindiAnalyzer::new), entry("hu", HungarianAnalyzer::new), entry("hy", ArmenianAnalyzer::new),
            entry("id", IndonesianAnalyzer::new), entry("it", ItalianAnalyzer::new), entry("ja", CJKAnalyzer::new),
            entry("ko", CJKAnalyzer::new), entry("lt", LithuanianAnalyzer::new), entry("lv", LatvianAnalyzer::new),
            entry("ne", NepaliAnalyzer::new), entry("nl", DutchAnalyzer::new), entry("no", NorwegianAnalyzer::new),
            entry("pt", PortugueseAnalyzer::new), entry("pt-br", BrazilianAnalyzer::new),
            entry("ro", RomanianAnalyzer::new), entry("ru", RussianAnalyzer::new), entry("sr", SerbianAnalyzer::new),
            entry("sv", SwedishAnalyzer::new), entry("ta", TamilAnalyzer::new), entry("te", TeluguAnalyzer::new),
            entry("th", ThaiAnalyzer::new), entry("tr", TurkishAnalyzer::new), entry("zh", SmartChineseAnalyzer::new));

    /** Snowball's stop words, as most of the others have by default; Lucene's own English list has but 33. */
    private static final CharArraySet ENGLISH_STOP_WORDS = englishStopWords();

    private static final Set<String> ISO_639 = Set.copyOf(Arrays.asList(Locale.getISOLanguages()));

    private Languages() {
    }

    /** The codes with an analysis of their own, sorted. */
    static Set<String> supported() {
        return new TreeSet<>(STEMMED.keySet());
    }

    /**
     * The code in the form that is written into the index.
     *
     * @throws IllegalArgumentException if there is no such language
     */
    static String canonical(String code) {
        String language = code.toLowerCase(Locale.ROOT).replace('_', '-');
        if (language.isEmpty() || STEMMED.containsKey(language) || ISO_639.contains(language)) {
            return language;
        }
        throw new IllegalArgumentException("language must be one of " + String.join(", ", supported())
                + ", another two-letter code for no stemming, or empty, got " + code);
    }

    /** An analysis of its own where there is one, else words by Unicode's rules and dictionaries, case folded. */
    static Analyzer analyzer(String canonical) {
        return STEMMED.getOrDefault(canonical, Unstemmed::new).get();
    }

    /**
     * The same for queries. In English it leaves out more words, those that questions are made of: "what", "how", "do",
     * "have". Texts keep them, for a query that has nothing else. docs/quality.md has what that is worth.
     */
    static Analyzer queryAnalyzer(String canonical) {
        return canonical.equals("en") ? new EnglishAnalyzer(ENGLISH_STOP_WORDS) : analyzer(canonical);
    }

    private static CharArraySet englishStopWords() {
        try (Reader list = IOUtils.getDecodingReader(
                IOUtils.requireResourceNonNull(SnowballFilter.class.getResourceAsStream("english_stop.txt"),
                        "english_stop.txt"),
                StandardCharsets.UTF_8)) {
            CharArraySet words = CharArraySet.copy(EnglishAnalyzer.getDefaultStopSet());
            words.addAll(WordlistLoader.getSnowballWordSet(list));
            return CharArraySet.unmodifiableSet(words);
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of Lucene's cannot fail to be read", e);
        }
    }

    private static final class Unstemmed extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String fieldName) {
            Tokenizer words = new ICUTokenizer();
            return new TokenStreamComponents(words, new ICUNormalizer2Filter(words)); // NFKC, case folded
        }
    }
}
