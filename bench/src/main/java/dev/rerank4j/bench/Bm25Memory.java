package dev.rerank4j.bench;

import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.eval.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/** A collection's words in a Lucene index in memory; k1, b and weights are chosen by each search. */
final class Bm25Memory implements AutoCloseable {

    static final List<Metric> METRICS = List.of(Metric.parse("ndcg@10"), Metric.parse("recall@50"),
            Metric.parse("recall@100"), Metric.parse("mrr@10"));

    /** How many documents are ranked, as far as there are so many. */
    private static final int DOCUMENTS = 100;

    private final JudgedTexts texts;
    private final List<Map<String, Integer>> queries = new ArrayList<>();
    private final List<Map<String, Integer>> grades = new ArrayList<>();
    private final DirectoryReader reader;
    private final int limit;

    /**
     * @param words the terms of a query and how often each occurs
     */
    Bm25Memory(JudgedTexts texts, Analyzer analyzer, Function<String, Map<String, Integer>> words) throws IOException {
        this.texts = texts;
        texts.queries().forEach((id, query) -> {
            queries.add(words.apply(query));
            grades.add(texts.qrels().grades(id));
        });
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (Passage passage : texts.passages()) {
                Document document = new Document();
                document.add(field(Bm25Setting.FLAT, passage.content()));
                document.add(field(Bm25Setting.TITLE, JudgedTexts.heading(passage)));
                document.add(field(Bm25Setting.TEXT, passage.text()));
                writer.addDocument(document);
            }
            writer.forceMerge(1); // in the order of the texts
        }
        reader = DirectoryReader.open(directory);
        limit = texts.documents() == texts.passages().size() ? DOCUMENTS : 10 * DOCUMENTS;
    }

    /** Of an English collection, with the {@link EnglishWords} of this name. */
    static Bm25Memory english(JudgedTexts texts, String words) throws IOException {
        EnglishWords english = EnglishWords.everything().stream().filter(each -> each.toString().equals(words))
                .findFirst().orElseThrow();
        return new Bm25Memory(texts, english.analyzer(), english::query);
    }

    private static Field field(String name, String text) {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        return new Field(name, text, type);
    }

    /** The means of {@link #METRICS}. */
    double[] measure(Bm25Setting setting) throws IOException {
        double[] means = new double[METRICS.size()];
        for (int query = 0; query < queries.size(); query++) {
            List<String> found = search(query, setting);
            for (int metric = 0; metric < means.length; metric++) {
                means[metric] += METRICS.get(metric).of(grades.get(query), found) / queries.size();
            }
        }
        return means;
    }

    /** Documents, each where its best passage stands, of the query of this number. */
    List<String> search(int query, Bm25Setting setting) throws IOException {
        Set<String> documents = new LinkedHashSet<>();
        for (ScoreDoc hit : hits(query, setting, limit)) {
            if (documents.size() < DOCUMENTS) {
                documents.add(texts.passages().get(hit.doc).documentId());
            }
        }
        return List.copyOf(documents);
    }

    /** Passages of the query of this number. */
    Ranking passages(int query, Bm25Setting setting, int most) throws IOException {
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (ScoreDoc hit : hits(query, setting, most)) {
            ranking.add(texts.passages().get(hit.doc), hit.score);
        }
        return ranking.build();
    }

    private ScoreDoc[] hits(int query, Bm25Setting setting, int most) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        searcher.setSimilarity(new BM25Similarity(setting.k1(), setting.b()));
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        queries.get(query).forEach((word, count) -> words.add(setting.fields().query(word, count), Occur.SHOULD));
        return searcher.search(words.build(), most).scoreDocs;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
