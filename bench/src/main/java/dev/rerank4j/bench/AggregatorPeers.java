package dev.rerank4j.bench;

import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.model.scoring.onnx.OnnxScoringModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ContentAggregator;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.Scorer;
import dev.rerank4j.langchain4j.EvidenceContentAggregator;
import dev.rerank4j.langchain4j.RerankScoringModel;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a LangChain4j application changes when it takes Rerank4j: 50 passages of 20 to 400 tokens, reranked by their
 * {@code OnnxScoringModel} in their {@code ReRankingContentAggregator}, by ours in theirs, and by ours in ours; the same
 * float file, the same threads, one process, in turn. Then the native memory of each alone: how far the resident set
 * rises above what it was before the model was loaded; run with {@code -Xms1g -Xmx1g -XX:+AlwaysPreTouch}, so that the
 * heap does not count. Argument: a folder with model.onnx.
 */
final class AggregatorPeers {

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private AggregatorPeers() {
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Pairs pairs = Pairs.spread(50, 20, 400, 1);
        Map<Query, Collection<List<Content>>> found = Map.of(Query.from(pairs.query()),
                List.of(pairs.texts().stream().map(Content::from).toList()));
        // Ours first: on this thread, starting ONNX Runtime could overflow the stack (see Engine.loadStack).
        double ours = peak(found, () -> {
            Scorer scorer = ModelFile.load(folder, "model.onnx");
            return new Loaded(EvidenceContentAggregator.builder().scorer(scorer).build(), scorer);
        });
        double theirs = peak(found, () -> {
            OnnxScoringModel model = theirModel(folder);
            return new Loaded(new ReRankingContentAggregator(model), model);
        });
        System.out.printf("peak above the start, MiB: Rerank4j %.0f, LangChain4j %.0f, x %.1f%n", ours, theirs,
                theirs / ours);
        try (OnnxScorer scorer = ModelFile.load(folder, "model.onnx");
                OnnxScoringModel model = theirModel(folder);
                EvidenceContentAggregator evidence = EvidenceContentAggregator.builder().scorer(scorer).build()) {
            ScoringModel logits = RerankScoringModel.of(scorer).withLogits();
            ContentAggregator both = new ReRankingContentAggregator(model);
            ContentAggregator mixed = new ReRankingContentAggregator(logits);
            System.out.printf("equal order: ours in theirs %b, ours in ours %b%n",
                    order(both, found).equals(order(mixed, found)), order(both, found).equals(order(evidence, found)));
            new Rounds().add("RerankScoringModel + EvidenceContentAggregator", () -> evidence.aggregate(found))
                    .add("RerankScoringModel + ReRankingContentAggregator", () -> mixed.aggregate(found))
                    .add("OnnxScoringModel + ReRankingContentAggregator", () -> both.aggregate(found)).run(9).print();
        }
    }

    /** An aggregator and what has to be closed after it. */
    private record Loaded(ContentAggregator aggregator, AutoCloseable model) {
    }

    @FunctionalInterface
    private interface Loading {
        Loaded load() throws Exception;
    }

    private static double peak(Map<Query, Collection<List<Content>>> found, Loading loading) throws Exception {
        double before = ResidentSet.now();
        ResidentSet.forgetPeak();
        Loaded loaded = loading.load();
        try (AutoCloseable model = loaded.model()) {
            for (int i = 0; i < 3; i++) {
                loaded.aggregator().aggregate(found);
            }
        }
        return ResidentSet.peak() - before;
    }

    private static List<String> order(ContentAggregator aggregator, Map<Query, Collection<List<Content>>> found) {
        return aggregator.aggregate(found).stream().map(content -> content.textSegment().text()).toList();
    }

    private static OnnxScoringModel theirModel(Path folder) throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions(); // closed by the model
        options.setIntraOpNumThreads(THREADS);
        return new OnnxScoringModel(folder.resolve("model.onnx").toString(), options,
                folder.resolve("tokenizer.json").toString(), 512, false);
    }
}
