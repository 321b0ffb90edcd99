package dev.rerank4j.bench;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Fusion;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.DocumentRule;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Run;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.SectionedDocument;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How long passages should be, and how their scores become a document's: for each size and overlap indexes a
 * collection, searches it as the command line does, and prints nDCG@10 by document under each {@link DocumentRule}.
 * Arguments: a folder for indexes, how many judged queries, how many documents at most (those judged relevant are always
 * among them), then the collections' folders.
 */
final class ChunkStudy {

    private static final int DEPTH = 50;
    /** Size and overlap in tokens; the last is what the command line does. */
    private static final int[][] CHUNKS = {{128, 16}, {192, 24}, {256, 32}, {445, 55}};

    private ChunkStudy() {
    }

    public static void main(String[] args) throws IOException {
        int queries = Integer.parseInt(args[1]);
        int documents = Integer.parseInt(args[2]);
        System.out.println("| collection | size | overlap | passages | best passage | best and decayed rest |"
                + " first passage |\n|---|---|---|---|---|---|---|");
        try (OnnxEncoder encoder = OnnxEncoder.builtIn(); OnnxScorer scorer = OnnxScorer.builtIn()) {
            for (String argument : List.of(args).subList(3, args.length)) {
                Path collection = Path.of(argument);
                Qrels qrels = Qrels.read(collection.resolve("qrels/test.tsv"));
                Map<String, String> asked = new LinkedHashMap<>();
                PoolDump.queries(collection).entrySet().stream().limit(queries)
                        .forEach(query -> asked.put(query.getKey(), query.getValue()));
                List<SectionedDocument> read = documents(collection, qrels, asked.keySet(), documents);
                for (int[] chunk : CHUNKS) {
                    Path folder = Path.of(args[0], collection.getFileName() + "-" + chunk[0] + "-" + chunk[1]);
                    try (LuceneIndex index = LuceneIndex.open(folder, encoder, "en")) {
                        if (index.size() == 0) {
                            Chunker chunker = Chunker.structured(encoder::tokenStarts, chunk[0], chunk[1]);
                            List<Passage> passages = new ArrayList<>();
                            read.forEach(document -> passages.addAll(chunker.chunk(document)));
                            index.add(passages);
                            index.commit();
                        }
                        measure(collection, chunk, index, scorer, asked, qrels);
                    }
                }
            }
        }
    }

    private static List<SectionedDocument> documents(Path collection, Qrels qrels, Set<String> asked, int most) {
        Set<String> relevant = new HashSet<>();
        asked.forEach(query -> relevant.addAll(qrels.grades(query).keySet()));
        List<SectionedDocument> documents = new ArrayList<>();
        List<SectionedDocument> others = new ArrayList<>();
        Path docs = collection.resolve("docs");
        try (DocumentReader reader = new DocumentReader()) {
            List<DocumentReader.SourceFile> files = Files.isDirectory(docs)
                    ? reader.files(docs).stream().map(file -> new DocumentReader.SourceFile(file.path(),
                            docs.relativize(file.path()).toString())).toList()
                    : reader.files(collection.resolve("corpus.jsonl"));
            files.forEach(file -> reader.read(file,
                    document -> (relevant.contains(document.document().id()) ? documents : others).add(document),
                    warning -> System.err.println(warning.name() + ": " + warning.reason())));
        }
        documents.addAll(others.subList(0, Math.max(0, Math.min(others.size(), most - documents.size()))));
        return documents;
    }

    private static void measure(Path collection, int[] chunk, LuceneIndex index, OnnxScorer scorer,
            Map<String, String> asked, Qrels qrels) {
        List<DocumentRule> rules = List.of(DocumentRule.BEST, DocumentRule.DECAYED, DocumentRule.FIRST);
        List<Run.Builder> runs = rules.stream().map(rule -> new Run.Builder(rule.toString())).toList();
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                .fusion(Fusion.standardized(1, 1))
                .reranker(Reranker.adaptive(scorer, 0.6, Map.of("bm25", 1.0, "vector", 1.0),
                        AdaptiveDepth.DEFAULT.settling(10, SearchRequest.Unit.DOCUMENT)))
                .build()) {
            asked.forEach((id, text) -> {
                Ranking ranking = pipeline.search(new SearchRequest(Query.of(text), SearchRequest.Unit.PASSAGE, DEPTH,
                        DEPTH, Duration.ofSeconds(60))).ranking();
                for (int i = 0; i < rules.size(); i++) {
                    runs.get(i).add(id, ranking, rules.get(i));
                }
            });
        }
        List<Metric> metrics = List.of(Metric.parse("ndcg@10"));
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s | %d | %d | %d |",
                collection.getFileName(), chunk[0], chunk[1], index.size()));
        for (Run.Builder run : runs) {
            Run built = run.build();
            row.append(String.format(Locale.ROOT, " %.3f |",
                    Evaluation.of(qrels, List.of(built), metrics, 1).means(built.name()).get("ndcg@10").mean()));
        }
        System.out.println(row);
    }
}
