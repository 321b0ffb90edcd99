package dev.rerank4j.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** Texts as the index sees them. Safe for use by several threads. */
final class Analysis implements AutoCloseable {

    private final Analyzer analyzer;
    private final Analyzer queryAnalyzer;

    Analysis(String language) {
        analyzer = Languages.analyzer(language);
        queryAnalyzer = Languages.queryAnalyzer(language);
    }

    /** For texts. */
    Analyzer analyzer() {
        return analyzer;
    }

    /** The distinct terms of a text and how often each occurs, in the order of their first occurrence. */
    Map<String, Integer> terms(String text) {
        return terms(analyzer, text);
    }

    /** Those of a query: without the words that questions are made of, unless there are no others. */
    Map<String, Integer> queryTerms(String query) {
        Map<String, Integer> terms = terms(queryAnalyzer, query);
        return terms.isEmpty() ? terms(query) : terms;
    }

    private static Map<String, Integer> terms(Analyzer analyzer, String text) {
        Map<String, Integer> terms = new LinkedHashMap<>();
        forEachTerm(analyzer, text, (term, start, end) -> terms.merge(term, 1, Integer::sum));
        return terms;
    }

    /** Where terms of the query stand in the text: ascending [start, end) pairs that neither overlap nor touch. */
    List<int[]> matches(String query, String text) {
        Map<String, Integer> wanted = queryTerms(query);
        List<int[]> found = new ArrayList<>();
        forEachTerm(analyzer, text, (term, start, end) -> {
            if (wanted.containsKey(term) && start < end) {
                found.add(new int[]{start, end});
            }
        });
        found.sort(Comparator.comparingInt(range -> range[0]));
        List<int[]> joined = new ArrayList<>();
        for (int[] range : found) {
            if (!joined.isEmpty() && range[0] <= joined.getLast()[1]) {
                joined.getLast()[1] = Math.max(joined.getLast()[1], range[1]);
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private static void forEachTerm(Analyzer analyzer, String text, Visitor visitor) {
        // Lucene's tokenizer loses the words before a high surrogate at the end; offsets stay, for lengths do
        try (TokenStream tokens = analyzer.tokenStream(Layout.CONTENT, WellFormed.of(text))) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                visitor.visit(term.toString(), offset.startOffset(), offset.endOffset());
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", e);
        }
    }

    @Override
    public void close() {
        analyzer.close();
        queryAnalyzer.close();
    }

    private interface Visitor {
        void visit(String term, int start, int end);
    }
}
