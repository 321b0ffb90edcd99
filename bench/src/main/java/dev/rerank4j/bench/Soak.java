package dev.rerank4j.bench;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does memory stay bounded? First, for some minutes, mixed requests from four threads, the resident set noted each five
 * seconds; then one request of 10,000 texts of 512 tokens. To be run with -Xmx512m. Arguments: minutes, texts, and
 * optionally a model folder instead of the built-in model. Linux only: reads /proc/self/status.
 */
final class Soak {

    private Soak() {
    }

    public static void main(String[] args) throws Exception {
        Duration duration = Duration.ofSeconds(Math.round(60 * Double.parseDouble(args[0])));
        int texts = Integer.parseInt(args[1]);
        try (OnnxScorer scorer = args.length > 2 ? OnnxScorer.load(Path.of(args[2])) : OnnxScorer.builtIn()) {
            System.out.printf("model %s, heap at most %d MiB%n", scorer.name(), Runtime.getRuntime().maxMemory() >> 20);
            if (duration.isPositive()) {
                mixed(scorer, duration);
            }
            if (texts > 0) {
                large(scorer, texts);
            }
        }
    }

    private static void mixed(OnnxScorer scorer, Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        List<Long> resident = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            List<Callable<Long>> loops = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                Random random = new Random(client);
                loops.add(() -> {
                    long pairs = 0;
                    while (System.nanoTime() < end) {
                        int count = 1 + random.nextInt(60);
                        Pairs some = Pairs.spread(count, 5 + random.nextInt(50), 60 + random.nextInt(450),
                                random.nextLong());
                        pairs += scorer.score(ScoreRequest.of(some.query(), some.texts())).size();
                    }
                    return pairs;
                });
            }
            Thread sampler = Thread.ofVirtual().start(() -> {
                try {
                    while (System.nanoTime() < end) {
                        Thread.sleep(5_000);
                        resident.add(resident());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            long pairs = 0;
            for (var loop : clients.invokeAll(loops)) {
                pairs += loop.get();
            }
            sampler.join();
            System.out.printf("%d pairs in %s%n", pairs, duration);
        }
        StringBuilder line = new StringBuilder("resident set each 5 s, MiB:");
        resident.forEach(kilobytes -> line.append(' ').append(kilobytes >> 10));
        System.out.println(line);
        int half = resident.size() / 2;
        double growth = slope(resident.subList(half, resident.size())) * (resident.size() - half);
        double mean = resident.subList(half, resident.size()).stream().mapToLong(Long::longValue).average()
                .orElseThrow();
        System.out.printf("last half: from %d to %d MiB; fitted growth over it %.2f %% of its mean%n",
                resident.get(half) >> 10, resident.getLast() >> 10, 100 * growth / mean);
    }

    /** Least-squares slope a sample: single samples sway with the garbage collector. */
    private static double slope(List<Long> values) {
        double n = values.size();
        double sumX = 0;
        double sumY = 0;
        double sumXy = 0;
        double sumXx = 0;
        for (int x = 0; x < n; x++) {
            sumX += x;
            sumY += values.get(x);
            sumXy += (double) x * values.get(x);
            sumXx += (double) x * x;
        }
        return (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
    }

    private static void large(OnnxScorer scorer, int count) {
        Pairs pairs = Pairs.equal(count, 520, 5);
        long before = resident();
        long start = System.nanoTime();
        int scored = scorer.score(ScoreRequest.of(pairs.query(), pairs.texts())).size();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%d texts of 512 tokens in one request: %.1f s, %.1f pairs/s; resident before %d, after %d MiB%n",
                scored, seconds, scored / seconds, before >> 10, resident() >> 10);
    }

    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("the soak needs /proc/self/status", e);
        }
    }
}
