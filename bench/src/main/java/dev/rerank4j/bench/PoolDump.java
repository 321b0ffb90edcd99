package dev.rerank4j.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.Deadline;
import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes down, for the judged queries of collections, what both retrievers found and what the built-in model says of
 * it, so that fusions, mixtures, depths and calibrations can be studied without running a model again. Arguments: a
 * folder for indexes and results, how many queries of each collection, to which depth pairs are scored, then the
 * collections' folders. One line for a passage: query, passage, document, rank and score by BM25, rank and score by
 * vector (rank 0: not found), logit (empty beyond the depth). A run that was stopped goes on where it was.
 */
final class PoolDump {

    /** What the retrievers give at most; deeper than is scored, for recall. */
    private static final int RETRIEVED = 1000;

    private PoolDump() {
    }

    public static void main(String[] args) throws IOException {
        Path work = Path.of(args[0]);
        int queries = Integer.parseInt(args[1]);
        int depth = Integer.parseInt(args[2]);
        try (OnnxEncoder encoder = OnnxEncoder.builtIn(); OnnxScorer scorer = OnnxScorer.builtIn()) {
            for (String argument : List.of(args).subList(3, args.length)) {
                Path collection = Path.of(argument);
                String name = collection.getFileName().toString();
                try (LuceneIndex index = LuceneIndex.open(work.resolve("index-" + name), encoder, language(name))) {
                    if (index.size() == 0) {
                        index(collection, index, Chunker.forWindow(encoder::tokenStarts, scorer.maxLength()));
                    }
                    dump(collection, index, scorer, queries, depth, work.resolve(name + ".tsv"));
                }
            }
        }
    }

    /** Collections of one text in several languages end in its code. */
    private static String language(String name) {
        String end = name.substring(name.lastIndexOf('-') + 1);
        return LuceneIndex.languages().contains(end) ? end : "en";
    }

    private static void index(Path collection, LuceneIndex index, Chunker chunker) {
        Path docs = collection.resolve("docs");
        try (DocumentReader reader = new DocumentReader()) {
            List<DocumentReader.SourceFile> files = Files.isDirectory(docs)
                    ? reader.files(docs).stream().map(file -> new DocumentReader.SourceFile(file.path(),
                            docs.relativize(file.path()).toString())).toList()
                    : reader.files(collection.resolve("corpus.jsonl"));
            List<Passage> batch = new ArrayList<>();
            for (DocumentReader.SourceFile file : files) {
                reader.read(file, document -> {
                    batch.addAll(chunker.chunk(document));
                    if (batch.size() >= 512) {
                        index.add(batch);
                        batch.clear();
                    }
                }, warning -> System.err.println(warning.name() + ": " + warning.reason()));
            }
            index.add(batch);
        }
        index.commit();
    }

    private static void dump(Path collection, LuceneIndex index, OnnxScorer scorer, int most, int depth, Path file)
            throws IOException {
        Set<String> done = new HashSet<>();
        if (Files.exists(file)) {
            try (var lines = Files.lines(file)) {
                lines.forEach(line -> done.add(line.substring(0, line.indexOf('\t'))));
            }
        }
        Map<String, String> queries = queries(collection);
        try (Writer out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (Map.Entry<String, String> query : queries.entrySet().stream().limit(most).toList()) {
                if (!done.contains(query.getKey())) {
                    out.write(pool(query.getKey(), query.getValue(), index, scorer, depth));
                    out.flush();
                }
            }
        }
        System.out.println(file + ": " + Math.min(most, queries.size()) + " queries");
    }

    private static String pool(String id, String text, LuceneIndex index, OnnxScorer scorer, int depth) {
        Query query = Query.of(text);
        Map<String, Hit> hits = new LinkedHashMap<>();
        Map<String, Map<String, Evidence>> evidence = new LinkedHashMap<>();
        for (Ranking ranking : List.of(index.bm25().retrieve(query, RETRIEVED, Deadline.none()),
                index.vector().retrieve(query, RETRIEVED, Deadline.none()))) {
            for (Hit hit : ranking) {
                hits.putIfAbsent(hit.passage().id(), hit);
                evidence.computeIfAbsent(hit.passage().id(), passage -> new LinkedHashMap<>()).put(ranking.stage(),
                        hit.evidence().getLast());
            }
        }
        List<Passage> scored = hits.values().stream().map(Hit::passage).filter(passage -> evidence.get(passage.id())
                .values().stream().anyMatch(found -> found.rank() <= depth)).toList();
        Scores scores = scorer.score(ScoreRequest.of(text, scored.stream().map(Passage::content).toList()));
        Map<String, String> logits = new LinkedHashMap<>();
        for (int i = 0; i < scored.size(); i++) {
            logits.put(scored.get(i).id(), Float.toString(scores.logits()[i]));
        }
        StringBuilder lines = new StringBuilder();
        for (Hit hit : hits.values()) {
            Passage passage = hit.passage();
            lines.append(String.join("\t", id, passage.id(), passage.documentId(),
                    column(evidence.get(passage.id()).get("bm25")), column(evidence.get(passage.id()).get("vector")),
                    logits.getOrDefault(passage.id(), ""))).append('\n');
        }
        return lines.toString();
    }

    private static String column(Evidence evidence) {
        return evidence == null ? "0\t0" : evidence.rank() + "\t" + evidence.score();
    }

    /** Those with a relevant document, in the order of the file. */
    static Map<String, String> queries(Path collection) throws IOException {
        Qrels qrels = Qrels.read(collection.resolve("qrels/test.tsv"));
        Map<String, String> queries = new LinkedHashMap<>();
        for (String line : Files.readAllLines(collection.resolve("queries.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (qrels.hasRelevant(json.get("_id").getAsString())) {
                queries.put(json.get("_id").getAsString(), json.get("text").getAsString());
            }
        }
        return queries;
    }
}
