package dev.rerank4j.bench;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.bench.Bm25Setting.Fields;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a better BM25 is worth where it is one of two retrievers: English collections by document, BM25's passages of
 * each setting fused with the product's vectors (reciprocal ranks, k = 60). Arguments: the folder of {@link PoolDump}'s
 * indexes, how deep both are asked, how many queries of each, then collections of BEIR's layout.
 */
final class Bm25Fused {

    private static final int WINDOW = 512;

    private Bm25Fused() {
    }

    public static void main(String[] args) throws IOException {
        Path indexes = Path.of(args[0]);
        int depth = Integer.parseInt(args[1]);
        int most = Integer.parseInt(args[2]);
        System.out.println("| collection | setting | bm25 ndcg@10 | fused ndcg@10 | fused recall@50 |");
        System.out.println("|---|---|---|---|---|");
        Map<Bm25Setting, double[]> sums = new LinkedHashMap<>();
        List<String> folders = List.of(args).subList(3, args.length);
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, WINDOW);
            for (String folder : folders) {
                JudgedTexts texts = JudgedTexts.read(Path.of(folder).toAbsolutePath(), "en", chunker).first(most);
                List<Ranking> vectors = new ArrayList<>();
                try (LuceneIndex index = LuceneIndex.open(indexes.resolve("index-" + texts.name()), encoder, "en")) {
                    texts.queries().values().forEach(
                            query -> vectors.add(index.vector().retrieve(Query.of(query), depth, Deadline.none())));
                }
                for (Bm25Setting setting : settings()) {
                    double[] figures = measure(texts, setting, vectors, depth);
                    System.out.printf(Locale.ROOT, "| %s | %s | %.4f | %.4f | %.4f |%n", texts.name(), setting,
                            figures[0], figures[1], figures[2]);
                    double[] sum = sums.computeIfAbsent(setting, key -> new double[figures.length]);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += figures[i] / folders.size();
                    }
                }
            }
        }
        sums.forEach((setting, mean) -> System.out.printf(Locale.ROOT, "| mean | %s | %.4f | %.4f | %.4f |%n", setting,
                mean[0], mean[1], mean[2]));
    }

    /** Lucene's, and what looked better than that without vectors. */
    private static List<Bm25Setting> settings() {
        Bm25Setting lucene = Bm25Setting.LUCENE;
        List<Bm25Setting> settings = new ArrayList<>(List.of(lucene, Bm25Setting.ANSERINI_FLAT,
                new Bm25Setting(lucene.words(), Fields.ONE, 1.8f, 0.75f),
                new Bm25Setting(lucene.words(), new Fields(Fields.Kind.COMBINED, 2), 1.2f, 0.75f)));
        for (EnglishWords words : EnglishWords.everything()) {
            if (words.stem().compareTo(EnglishWords.Stem.PORTER) >= 0 && !words.equals(EnglishWords.LUCENE)) {
                settings.add(new Bm25Setting(words.toString(), Fields.ONE, lucene.k1(), lucene.b()));
            }
        }
        return settings;
    }

    private static double[] measure(JudgedTexts texts, Bm25Setting setting, List<Ranking> vectors, int depth)
            throws IOException {
        double[] figures = new double[3];
        try (Bm25Memory index = Bm25Memory.english(texts, setting.words())) {
            int number = 0;
            for (String id : texts.queries().keySet()) {
                Map<String, Integer> grades = texts.qrels().grades(id);
                Ranking words = index.passages(number, setting, depth);
                List<String> fused = documents(
                        Fusion.reciprocalRank(60).fuse(List.of(words, vectors.get(number++))));
                figures[0] += Bm25Memory.METRICS.get(0).of(grades, documents(words)) / vectors.size();
                figures[1] += Bm25Memory.METRICS.get(0).of(grades, fused) / vectors.size();
                figures[2] += Bm25Memory.METRICS.get(1).of(grades, fused) / vectors.size();
            }
        }
        return figures;
    }

    private static List<String> documents(Ranking ranking) {
        Set<String> documents = new LinkedHashSet<>();
        ranking.forEach(hit -> documents.add(hit.passage().documentId()));
        return List.copyOf(documents);
    }
}
