package dev.rerank4j.bench;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.onnx.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rerank4j against {@code sentence-transformers}' ONNX and torch backends, model by model: the same ONNX file (torch: the
 * weights it was made of), threads and texts, round by round in turn; each times itself, so that the pipe to Python does
 * not count. Folders whose names begin with {@code encoder} hold encoders.
 *
 * <p>Arguments: a Python with bench/python/models/requirements-onnx.txt, one with training/requirements.txt, a folder of
 * models that bench/python/models/make.py made, rounds (5), texts (100), their shortest and longest length in words (20,
 * 300).
 */
final class ModelPeers {

    private static final int THREADS = EngineOptions.defaults().threads();
    private static final String OURS = "Rerank4j";

    private ModelPeers() {
    }

    public static void main(String[] args) throws Exception {
        int rounds = number(args, 3, 5);
        Pairs pairs = Pairs.spread(number(args, 4, 100), number(args, 5, 20), number(args, 6, 300), 1);
        List<Path> folders;
        try (Stream<Path> all = Files.list(Path.of(args[2]))) {
            folders = all.filter(Files::isDirectory).sorted().toList();
        }
        System.out
                .printf("%d threads each, %d texts, medians of %d rounds after two; ratios are medians of each round's"
                        + " to Rerank4j's%n", THREADS, pairs.texts().size(), rounds);
        System.out.printf("%-22s %16s %9s %12s %8s %12s %8s %12s %12s %9s%n", "model", "tokens", "Rerank4j", "onnx s",
                "ratio",
                "torch s", "ratio", "diff. onnx", "diff. torch", "spread");
        for (Path folder : folders) {
            boolean encoder = folder.getFileName().toString().startsWith("encoder");
            String purpose = encoder ? "vectors" : "scores";
            try (Contestant ours = encoder ? encoder(folder) : scorer(folder);
                    PythonModel onnx = PythonModel.start(args[0], folder, "onnx", THREADS, purpose);
                    PythonModel torch = PythonModel.start(args[1], folder, "torch", THREADS, purpose)) {
                if (folder.equals(folders.getFirst())) {
                    System.out.printf("(%s; %s)%n", onnx.versions(), torch.versions());
                }
                Map<String, Contestant> contestants = new LinkedHashMap<>();
                contestants.put(OURS, ours);
                contestants.put("onnx", contestant(onnx));
                contestants.put("torch", contestant(torch));
                compare(folder.getFileName().toString(), contestants, pairs, rounds);
            }
        }
    }

    private static int number(String[] args, int place, int otherwise) {
        return args.length > place ? Integer.parseInt(args[place]) : otherwise;
    }

    /** Answers, and says how long that took. */
    private interface Contestant extends AutoCloseable {
        PythonModel.Answer ask(Pairs pairs) throws IOException;

        /** Of the last answer, in tokens: shortest, median and longest; empty if it does not say. */
        default String lengths() {
            return "";
        }

        @Override
        default void close() {
        }
    }

    private static Contestant contestant(PythonModel model) {
        return pairs -> model.ask(pairs.query(), pairs.texts());
    }

    private static Contestant scorer(Path folder) {
        OnnxScorer scorer = OnnxScorer.load(folder);
        return new Contestant() {
            private int[] tokens = {};

            @Override
            public PythonModel.Answer ask(Pairs pairs) {
                long start = System.nanoTime();
                Scores scores = scorer.score(ScoreRequest.of(pairs.query(), pairs.texts()));
                double seconds = (System.nanoTime() - start) / 1e9;
                tokens = scores.tokens();
                float[][] numbers = new float[scores.size()][];
                Arrays.setAll(numbers, i -> new float[]{scores.logits()[i]});
                return new PythonModel.Answer(numbers, seconds);
            }

            @Override
            public String lengths() {
                return range(tokens);
            }

            @Override
            public void close() {
                scorer.close();
            }
        };
    }

    private static Contestant encoder(Path folder) {
        OnnxEncoder encoder = OnnxEncoder.load(folder, EngineOptions.defaults());
        return new Contestant() {
            private int[] tokens = {};

            @Override
            public PythonModel.Answer ask(Pairs pairs) {
                long start = System.nanoTime();
                float[][] vectors = encoder.passages(pairs.texts());
                double seconds = (System.nanoTime() - start) / 1e9;
                tokens = pairs.texts().stream().mapToInt(encoder.tokenCounter()::count).toArray();
                return new PythonModel.Answer(vectors, seconds);
            }

            @Override
            public String lengths() {
                return range(tokens);
            }

            @Override
            public void close() {
                encoder.close();
            }
        };
    }

    private static String range(int[] tokens) {
        double[] values = Arrays.stream(tokens).asDoubleStream().toArray();
        return "%.0f / %.0f / %.0f".formatted(Rounds.percentile(values, 0), Rounds.percentile(values, 50),
                Rounds.percentile(values, 100));
    }

    private static void compare(String name, Map<String, Contestant> contestants, Pairs pairs, int rounds)
            throws IOException {
        Map<String, float[][]> numbers = new LinkedHashMap<>();
        Map<String, double[]> seconds = new LinkedHashMap<>();
        for (int round = -2; round < rounds; round++) {
            for (Map.Entry<String, Contestant> contestant : contestants.entrySet()) {
                PythonModel.Answer answer = contestant.getValue().ask(pairs);
                numbers.put(contestant.getKey(), answer.numbers());
                if (round >= 0) {
                    seconds.computeIfAbsent(contestant.getKey(), key -> new double[rounds])[round] = answer.seconds();
                }
            }
        }
        StringBuilder line = new StringBuilder("%-22s %16s %9.3f".formatted(name,
                contestants.get(OURS).lengths(), Rounds.percentile(seconds.get(OURS), 50)));
        List<Double> differences = new ArrayList<>();
        for (String peer : List.of("onnx", "torch")) {
            double[] ratios = new double[rounds];
            Arrays.setAll(ratios, i -> seconds.get(peer)[i] / seconds.get(OURS)[i]);
            line.append(" %12.3f %8.2f".formatted(Rounds.percentile(seconds.get(peer), 50),
                    Rounds.percentile(ratios, 50)));
            differences.add(largestDifference(numbers.get(OURS), numbers.get(peer)));
        }
        differences.forEach(difference -> line.append(" %12.1e".formatted(difference)));
        System.out.println(line.append(" %9.2f".formatted(spread(numbers.get(OURS)))));
    }

    /** Standard deviation of the scores, or of the vectors' first numbers: a difference is small or large beside it. */
    private static double spread(float[][] numbers) {
        double mean = Arrays.stream(numbers).mapToDouble(each -> each[0]).average().orElseThrow();
        return Math.sqrt(Arrays.stream(numbers).mapToDouble(each -> (each[0] - mean) * (each[0] - mean)).average()
                .orElseThrow());
    }

    private static double largestDifference(float[][] ours, float[][] theirs) {
        double largest = 0;
        for (int i = 0; i < ours.length; i++) {
            for (int j = 0; j < ours[i].length; j++) {
                largest = Math.max(largest, Math.abs(ours[i][j] - theirs[i][j]));
            }
        }
        return largest;
    }
}
