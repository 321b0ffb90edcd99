package dev.rerank4j.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.scoring.onnx.OnnxScoringModel;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * 100 pairs of 20 to 300 tokens: Rerank4j against LangChain4j's {@code OnnxScoringModel} and against bare {@code
 * OrtSession.run} of the same batches, made ready beforehand; same float file, same threads, one process, equal scores.
 * Then our int8 file against our float file. Argument: a folder with model.onnx and model_int8.onnx.
 */
final class ScoringPeers {

    private ScoringPeers() {
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int threads = Runtime.getRuntime().availableProcessors();
        Pairs pairs = Pairs.spread(100, 20, 300, 1);
        ScoreRequest request = ScoreRequest.of(pairs.query(), pairs.texts());
        List<TextSegment> segments = pairs.texts().stream().map(TextSegment::from).toList();
        // Ours first: on this thread, starting ONNX Runtime could overflow the stack (see Engine.loadStack).
        try (OnnxScorer floats = ModelFile.load(folder, "model.onnx");
                OnnxScorer int8 = ModelFile.load(folder, "model_int8.onnx");
                OrtSession.SessionOptions ours = new OrtSession.SessionOptions()) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions theirs = new OrtSession.SessionOptions(); // closed by their model
            theirs.setIntraOpNumThreads(threads);
            ours.setIntraOpNumThreads(1);
            ours.setCPUArenaAllocator(false);
            ours.setMemoryPatternOptimization(false);
            String model = folder.resolve("model.onnx").toString();
            String tokenizer = folder.resolve("tokenizer.json").toString();
            try (OnnxScoringModel peer = new OnnxScoringModel(model, theirs, tokenizer, 512, false);
                    OrtSession bare = environment.createSession(model, ours)) {
                Scores scores = floats.score(request);
                List<Double> peerScores = peer.scoreAll(segments, pairs.query()).content();
                double worst = 0;
                for (int i = 0; i < scores.size(); i++) {
                    worst = Math.max(worst, Math.abs(scores.logits()[i] - peerScores.get(i)));
                }
                int longest = Arrays.stream(scores.tokens()).max().orElseThrow();
                int real = Arrays.stream(scores.tokens()).sum();
                System.out.printf("ONNX Runtime %s, %d threads each, %d pairs, %d real tokens%n",
                        environment.getVersion(),
                        threads, scores.size(), real);
                System.out.printf("largest difference of a logit between the two libraries: %.2e%n", worst);
                System.out.printf("their padded tokens to the real ones: %.2f%n",
                        (double) longest * scores.size() / real);
                List<Map<String, OnnxTensor>> batches = batches(folder, pairs, EngineOptions.defaults().batchTokens());
                Rounds rounds = new Rounds()
                        .add("Rerank4j, float", () -> floats.score(request))
                        .add("LangChain4j OnnxScoringModel, float", () -> peer.scoreAll(segments, pairs.query()))
                        .add("bare OrtSession.run, float", () -> runBare(bare, batches, threads))
                        .add("Rerank4j, int8", () -> int8.score(request))
                        .run(9);
                rounds.print();
                System.out.printf("time of tokenizing within Rerank4j, float: %.1f %%%n",
                        100.0 * floats.score(request).timings().tokenize().toNanos() / 1e9
                                / rounds.median("Rerank4j, float"));
            }
        }
    }

    private static List<Map<String, OnnxTensor>> batches(Path folder, Pairs pairs, int budget) throws Exception {
        List<long[][]> rows = new ArrayList<>();
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                Files.newInputStream(folder.resolve("tokenizer.json")),
                Map.of("truncation", "false", "padding", "false"))) {
            for (String text : pairs.texts()) {
                var pair = tokenizer.encode(pairs.query(), text, true, false);
                rows.add(new long[][]{pair.getIds(), pair.getTypeIds()});
            }
        }
        rows.sort(Comparator.comparingInt(row -> -row[0].length));
        List<Map<String, OnnxTensor>> batches = new ArrayList<>();
        for (int from = 0; from < rows.size();) {
            int width = rows.get(from)[0].length;
            int to = Math.min(rows.size(), from + Math.max(1, budget / width));
            batches.add(tensors(rows.subList(from, to), width));
            from = to;
        }
        return batches;
    }

    private static Map<String, OnnxTensor> tensors(List<long[][]> rows, int width) throws OrtException {
        long[] ids = new long[rows.size() * width];
        long[] types = new long[ids.length];
        long[] mask = new long[ids.length];
        for (int r = 0; r < rows.size(); r++) {
            int length = rows.get(r)[0].length;
            System.arraycopy(rows.get(r)[0], 0, ids, r * width, length);
            System.arraycopy(rows.get(r)[1], 0, types, r * width, length);
            Arrays.fill(mask, r * width, r * width + length, 1);
        }
        Map<String, OnnxTensor> tensors = new HashMap<>();
        for (Map.Entry<String, long[]> input : Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask)
                .entrySet()) {
            tensors.put(input.getKey(), OnnxTensor.createTensor(OrtEnvironment.getEnvironment(),
                    LongBuffer.wrap(input.getValue()), new long[]{rows.size(), width}));
        }
        return tensors;
    }

    private static void runBare(OrtSession session, List<Map<String, OnnxTensor>> batches, int threads)
            throws Exception {
        Queue<Map<String, OnnxTensor>> queue = new ConcurrentLinkedQueue<>(batches);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofPlatform().start(() -> {
                Map<String, OnnxTensor> batch;
                while ((batch = queue.poll()) != null) {
                    try {
                        session.run(batch).close();
                    } catch (OrtException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
    }
}
