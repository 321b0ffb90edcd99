package dev.rerank4j.bench;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * How English text becomes terms: words by Unicode's rules, possessives and capitals removed, stop words left out or
 * not, then stems.
 */
record EnglishWords(Stem stem, Stop stop) {

    /** What becomes of a word. */
    enum Stem {
        /** Nothing. */
        NONE,
        /** Plurals lose their ending: Harman's S-stemmer, as Lucene has it. */
        S,
        /** Krovetz's: inflections by a dictionary. */
        KSTEM,
        /** Porter's of 1980: that of Lucene's {@code EnglishAnalyzer}. */
        PORTER,
        /** Porter's of 2001, Snowball's "English". */
        PORTER2
    }

    /** Which words are left out. */
    enum Stop {
        /** None. */
        ALL,
        /** Lucene's 33. */
        SHORT,
        /** Snowball's 174. */
        LONG,
        /** Of texts Lucene's 33, of queries Snowball's 174, unless nothing is left of the query then. */
        QUERY
    }

    /** Lucene's {@code EnglishAnalyzer}, and Anserini's default. */
    static final EnglishWords LUCENE = new EnglishWords(Stem.PORTER, Stop.SHORT);

    /** The product's: an index of the former, searched with fewer words. */
    static final EnglishWords FEWER = new EnglishWords(Stem.PORTER, Stop.QUERY);

    private static final CharArraySet LONG_STOPS = longStops();

    static List<EnglishWords> everything() {
        List<EnglishWords> all = new ArrayList<>();
        for (Stem stem : Stem.values()) {
            for (Stop stop : Stop.values()) {
                all.add(new EnglishWords(stem, stop));
            }
        }
        return all;
    }

    Analyzer analyzer() {
        if (equals(LUCENE)) {
            return new EnglishAnalyzer();
        }
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String fieldName) {
                Tokenizer words = new StandardTokenizer();
                TokenStream lower = new LowerCaseFilter(new EnglishPossessiveFilter(words));
                return new TokenStreamComponents(words, stemmed(stopped(lower)));
            }
        };
    }

    private TokenStream stopped(TokenStream words) {
        return switch (stop) {
            case ALL -> words;
            case SHORT, QUERY -> new StopFilter(words, EnglishAnalyzer.ENGLISH_STOP_WORDS_SET);
            case LONG -> new StopFilter(words, LONG_STOPS);
        };
    }

    private TokenStream stemmed(TokenStream words) {
        return switch (stem) {
            case NONE -> words;
            case S -> new EnglishMinimalStemFilter(words);
            case KSTEM -> new KStemFilter(words);
            case PORTER -> new PorterStemFilter(words);
            case PORTER2 -> new SnowballFilter(words, new EnglishStemmer());
        };
    }

    /** The terms of a query. */
    Map<String, Integer> query(String text) {
        Map<String, Integer> all = terms(analyzer(), text);
        if (stop != Stop.QUERY) {
            return all;
        }
        Map<String, Integer> some = terms(new EnglishWords(stem, Stop.LONG).analyzer(), text);
        return some.isEmpty() ? all : some;
    }

    /** The distinct terms of a text and how often each occurs, as the product's retriever asks for them. */
    static Map<String, Integer> terms(Analyzer analyzer, String text) {
        Map<String, Integer> terms = new LinkedHashMap<>();
        try (TokenStream tokens = analyzer.tokenStream("", new StringReader(text))) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                terms.merge(term.toString(), 1, Integer::sum);
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return terms;
    }

    private static CharArraySet longStops() {
        try (Reader words = new InputStreamReader(
                SnowballFilter.class.getResourceAsStream("english_stop.txt"),
                StandardCharsets.UTF_8)) {
            return WordlistLoader.getSnowballWordSet(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return (stem + switch (stop) {
            case ALL -> ", all words";
            case SHORT -> ", 33 stop words";
            case LONG -> ", 174 stop words";
            case QUERY -> ", 33 and 174 of queries";
        }).toLowerCase(Locale.ROOT);
    }
}
