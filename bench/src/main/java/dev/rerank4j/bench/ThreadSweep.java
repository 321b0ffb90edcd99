package dev.rerank4j.bench;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.onnx.ModelFiles;
import dev.rerank4j.onnx.ModelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pairs a second by threads, intra-op threads and batch tokens: where {@link EngineOptions#defaults()} come from. */
final class ThreadSweep {

    private ThreadSweep() {
    }

    public static void main(String[] args) {
        int cores = Runtime.getRuntime().availableProcessors();
        List<EngineOptions> settings = new ArrayList<>();
        for (int threads = 1; threads <= cores; threads *= 2) {
            for (int tokens : new int[]{1, 512, 1024, 2048, 4096, 8192}) {
                settings.add(new EngineOptions(threads, cores / threads, tokens, 1 << 20));
            }
        }
        Pairs pairs = Pairs.spread(100, 20, 300, 1);
        double[][] seconds = new double[settings.size()][5];
        List<OnnxScorer> scorers = new ArrayList<>();
        ModelSpec spec = ModelSpec.read("model", ModelFiles.folder(Path.of(args[0])));
        settings.forEach(s -> scorers.add(OnnxScorer.load(spec, s)));
        ScoreRequest request = ScoreRequest.of(pairs.query(), pairs.texts());
        scorers.forEach(s -> s.score(request));
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < scorers.size(); i++) {
                long start = System.nanoTime();
                scorers.get(i).score(request);
                seconds[i][round] = (System.nanoTime() - start) / 1e9;
            }
        }
        System.out.println("threads  intra-op  batch tokens  pairs/s (median of 5)");
        for (int i = 0; i < scorers.size(); i++) {
            Arrays.sort(seconds[i]);
            System.out.printf("%7d  %8d  %12d  %8.1f%n", settings.get(i).threads(), settings.get(i).intraOpThreads(),
                    settings.get(i).batchTokens(), pairs.texts().size() / seconds[i][2]);
            scorers.get(i).close();
        }
    }
}
