package dev.rerank4j.bench;

import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Run;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The evaluator itself: reads a run file and scores it, several times, and prints the seconds of each. Arguments: how
 * many queries, how many documents a query, out of how many documents, how often. The file is made with a fixed seed in
 * a temporary folder. {@code 1000 1000 100000 5} is the usual case; {@code 5000 1000 5000000 1} under {@code -Xmx1g}
 * asks whether a large file fits.
 */
final class RunScoring {

    private static final int JUDGED = 20;

    private static final List<Metric> METRICS = Stream
            .of("ndcg@10", "mrr@10", "map", "recall@50", "recall@100", "p@10", "hit@10", "judged@10")
            .map(Metric::parse).toList();

    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private RunScoring() {
    }

    public static void main(String[] args) throws IOException {
        int queries = Integer.parseInt(args[0]);
        int documents = Integer.parseInt(args[1]);
        int collection = Integer.parseInt(args[2]);
        int rounds = Integer.parseInt(args[3]);
        Path file = Files.createTempFile("rerank4j", ".run");
        try {
            Qrels qrels = write(file, queries, documents, collection);
            System.out.printf("%,d lines, %,d MB, heap of at most %,d MB%n", (long) queries * documents,
                    Files.size(file) >> 20, Runtime.getRuntime().maxMemory() >> 20);
            for (int round = 0; round < rounds; round++) {
                long core = THREAD.getCurrentThreadCpuTime();
                long start = System.nanoTime();
                Run run = Run.read(file);
                long read = System.nanoTime();
                Evaluation evaluation = Evaluation.of(qrels, List.of(run), METRICS, 1);
                long scored = System.nanoTime();
                long coreAfter = THREAD.getCurrentThreadCpuTime();
                double mean = evaluation.means(run.name()).get("ndcg@10").mean();
                long means = System.nanoTime();
                System.out.printf("read %.2f s, scored %.2f s, both %.2f s (%.2f s of a core); "
                        + "means and intervals %.2f s; nDCG@10 %.4f%n", (read - start) / 1e9, (scored - read) / 1e9,
                        (scored - start) / 1e9, (coreAfter - core) / 1e9, (means - scored) / 1e9, mean);
            }
        } finally {
            Files.delete(file);
        }
    }

    /** Scores with few digits, so that there are ties, and lines that are not in order. */
    private static Qrels write(Path file, int queries, int documents, int collection) throws IOException {
        Random random = new Random(17);
        Map<String, Map<String, Integer>> qrels = new LinkedHashMap<>();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int query = 0; query < queries; query++) {
                Map<String, Integer> grades = new LinkedHashMap<>();
                int first = random.nextInt(collection);
                for (int i = 0; i < documents; i++) {
                    String document = "document-" + (first + (long) i * 7919) % collection;
                    out.write("query-" + query + " Q0 " + document + " " + (i + 1) + " "
                            + (30 - random.nextInt(300_000) / 1e4) + " system\n");
                    if (i % (documents / JUDGED) == 0) {
                        grades.put(document, random.nextInt(4));
                    }
                }
                qrels.put("query-" + query, grades);
            }
        }
        return Qrels.of(qrels);
    }
}
