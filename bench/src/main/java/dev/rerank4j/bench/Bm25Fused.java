package dev.rerank4j.bench;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.bench.Bm25Setting.Fields;
import dev.rerank4j.eval.Metric;
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
 * each setting fused with the product's vectors, by z-scores as the product does and by reciprocal ranks (k = 60); then
 * the settings chosen leave-one-collection-out. Arguments: the folder of {@link PoolDump}'s indexes, how deep both are
 * asked, how many queries of each, then collections of BEIR's layout, those behind {@code --unseen} never chosen on.
 */
final class Bm25Fused {

    private static final int WINDOW = 512;
    private static final List<String> FIGURES = List.of("z-scores, ndcg@10", "reciprocal ranks, ndcg@10",
            "bm25 alone, ndcg@10", "z-scores, recall@50");

    private final LeaveOneOut means = new LeaveOneOut(new LinkedHashMap<>());
    private final List<String> all = new ArrayList<>();
    private final List<String> chosenOn = new ArrayList<>();

    private Bm25Fused() {
    }

    public static void main(String[] args) throws IOException {
        new Bm25Fused().run(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]),
                List.of(args).subList(3, args.length));
    }

    private void run(Path indexes, int depth, int most, List<String> folders) throws IOException {
        int seen = folders.contains("--unseen") ? folders.indexOf("--unseen") : folders.size();
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, WINDOW);
            for (int i = 0; i < folders.size(); i++) {
                if (i != seen) {
                    JudgedTexts texts = JudgedTexts.read(Path.of(folders.get(i)).toAbsolutePath(), "en", chunker)
                            .first(most);
                    measure(texts, indexes, encoder, depth);
                    all.add(texts.name());
                    if (i < seen) {
                        chosenOn.add(texts.name());
                    }
                }
            }
        }
        for (int figure = 0; figure < FIGURES.size(); figure++) {
            print(figure);
        }
        chosen();
    }

    private void measure(JudgedTexts texts, Path indexes, OnnxEncoder encoder, int depth) throws IOException {
        List<Ranking> vectors = new ArrayList<>();
        try (LuceneIndex index = LuceneIndex.open(indexes.resolve("index-" + texts.name()), encoder, "en")) {
            texts.queries().values().forEach(
                    query -> vectors.add(index.vector().retrieve(Query.of(query), depth, Deadline.none())));
        }
        for (Bm25Setting setting : settings()) {
            means.means().computeIfAbsent(setting, key -> new LinkedHashMap<>()).put(texts.name(),
                    figures(texts, setting, vectors, depth));
        }
        System.err.println(texts.name());
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

    private static double[] figures(JudgedTexts texts, Bm25Setting setting, List<Ranking> vectors, int depth)
            throws IOException {
        Metric ndcg = Metric.parse("ndcg@10");
        double[] figures = new double[FIGURES.size()];
        try (Bm25Memory index = Bm25Memory.english(texts, setting.words())) {
            int number = 0;
            for (String id : texts.queries().keySet()) {
                Map<String, Integer> grades = texts.qrels().grades(id);
                Ranking words = index.passages(number, setting, depth);
                List<Ranking> both = List.of(words, vectors.get(number++));
                List<String> byScore = documents(Fusion.standardized(1, 1).fuse(both));
                figures[0] += ndcg.of(grades, byScore) / vectors.size();
                figures[1] += ndcg.of(grades, documents(Fusion.reciprocalRank(60).fuse(both))) / vectors.size();
                figures[2] += ndcg.of(grades, documents(words)) / vectors.size();
                figures[3] += Metric.parse("recall@50").of(grades, byScore) / vectors.size();
            }
        }
        return figures;
    }

    private static List<String> documents(Ranking ranking) {
        Set<String> documents = new LinkedHashSet<>();
        ranking.forEach(hit -> documents.add(hit.passage().documentId()));
        return List.copyOf(documents);
    }

    private void print(int figure) {
        System.out.printf("%n### %s%n%n| setting | %s | mean of those chosen on |%n%s|%n", FIGURES.get(figure),
                String.join(" | ", all), "|---".repeat(all.size() + 2));
        for (Bm25Setting setting : means.means().keySet()) {
            StringBuilder line = new StringBuilder("| " + setting + " |");
            all.forEach(name -> line.append(String.format(Locale.ROOT, " %.4f |", means.of(setting, name, figure))));
            System.out.printf(Locale.ROOT, "%s %.4f |%n", line, means.of(setting, chosenOn, figure));
        }
    }

    private void chosen() {
        System.out.printf("%n### Chosen leave-one-collection-out, %s%n%n", FIGURES.getFirst());
        System.out.printf("| collection | difference to Lucene's | chosen on the others |%n|---|---|---|%n");
        List<Bm25Setting> settings = List.copyOf(means.means().keySet());
        double mean = 0;
        for (String name : all) {
            Bm25Setting best = means.bestWithout(name, settings, chosenOn);
            double difference = means.of(best, name, 0) - means.of(Bm25Setting.LUCENE, name, 0);
            mean += chosenOn.contains(name) ? difference / chosenOn.size() : 0;
            System.out.printf(Locale.ROOT, "| %s | %+.4f | %s |%n", name, difference, best);
        }
        System.out.printf(Locale.ROOT, "| mean of those chosen on | %+.4f | |%n", mean);
    }
}
