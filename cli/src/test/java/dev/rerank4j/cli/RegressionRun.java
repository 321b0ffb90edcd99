package dev.rerank4j.cli;

import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Queries;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Searches a collection as {@code rerank search --unit document} does, once for each system that is asked for. */
final class RegressionRun {

    /** A busy machine must not change figures. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Regression regression;
    private final Path collection;
    private final Path indexes;
    private final Models models;
    private final Map<String, Map<String, List<String>>> found = new HashMap<>();

    /** @param indexes a folder for indexes, kept from run to run */
    RegressionRun(Regression regression, Path collection, Path indexes, Models models) {
        this.regression = regression;
        this.collection = collection;
        this.indexes = indexes;
        this.models = models;
    }

    /** The mean over the queries. */
    double measure(String system, String metric) {
        Metric measure = Metric.parse(metric);
        Qrels qrels = qrels();
        return found.computeIfAbsent(system, this::search).entrySet().stream()
                .mapToDouble(query -> measure.of(qrels.grades(query.getKey()), query.getValue())).average()
                .orElseThrow();
    }

    private Map<String, List<String>> search(String system) {
        Config config = inDocuments(regression.config(system));
        List<StageScorer> scorers = config.reranker().models().isEmpty()
                ? List.of()
                : models.scorers();
        Path docs = Files.isDirectory(collection.resolve("docs"))
                ? collection.resolve("docs")
                : collection.resolve("corpus.jsonl");
        Config.Search search = config.search();
        Optional<Reranker> reranker = Assembly.reranker(config, scorers);
        try (LuceneIndex index = index(docs, config.index());
                SearchPipeline pipeline = Assembly.pipeline(new EmbeddedIndex(index), search, reranker,
                        LanguageCheck.of(new EmbeddedIndex(index), models, search.retriever()))) {
            Map<String, List<String>> rankings = new LinkedHashMap<>();
            queries(index).forEach((id, query) -> {
                SearchResult result = pipeline.search(new SearchRequest(query, search.unit(), search.limit(),
                        config.depth(), PATIENCE));
                if (result.degraded()) {
                    throw new AssertionError("query " + id + ": " + result.stages());
                }
                rankings.put(id, result.ranking().hits().stream()
                        .map(hit -> judged(docs, hit.passage().documentId())).toList());
            });
            return rankings;
        }
    }

    private static Config inDocuments(Config config) {
        return config.with(config.search().hits(SearchRequest.Unit.DOCUMENT, config.search().limit()));
    }

    private LuceneIndex index(Path docs, Config.Indexing settings) {
        Diagnostics quiet = new Diagnostics(new PrintStream(OutputStream.nullOutputStream()), false);
        String name = regression.collection().replaceAll("[^A-Za-z0-9]+", "-") + "-"
                + Integer.toHexString(settings.hashCode());
        Path directory = indexes.resolve(name);
        try (Indexer indexer = new Indexer(models, settings, quiet)) {
            LuceneIndex index = indexer.open(directory, List.of(docs));
            indexer.sync(new EmbeddedIndex(index), List.of(docs), new Progress() {
                @Override
                public void start(int files, long bytes) {
                }

                @Override
                public void at(long bytes, long passages) {
                }
            }, () -> false);
            return index;
        }
    }

    /** Judgments of a folder of files name the path below it. */
    private static String judged(Path docs, String document) {
        String below = docs + "/";
        return document.startsWith(below) ? document.substring(below.length()) : document;
    }

    private Qrels qrels() {
        return Qrels.read(collection.resolve("qrels").resolve("test.tsv"));
    }

    /** Evenly spread, because neighbours are often about the same document. */
    private Map<String, Query> queries(LuceneIndex index) {
        Qrels qrels = qrels();
        Queries all = Queries.read(collection.resolve("queries.jsonl"));
        List<String> judged = all.ids().stream().filter(qrels::hasRelevant).toList();
        Integer given = regression.queries();
        int wanted = given == null ? judged.size() : Math.min(given, judged.size());
        Map<String, Query> queries = new LinkedHashMap<>();
        for (int i = 0; i < wanted; i++) {
            String id = judged.get((int) ((long) i * judged.size() / wanted));
            queries.put(id, new Query(all.text(id).orElseThrow(),
                    FilterSyntax.parse(all.filters().getOrDefault(id, List.of()), index.fields())));
        }
        return queries;
    }
}
