package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer;
import dev.rerank4j.Hit;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Interval;
import dev.rerank4j.eval.Latency;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Run;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank eval}. */
@Command(name = "eval", sortOptions = false, description = "Measure whether reranking helps on your own data.")
final class EvalCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(names = "--data", paramLabel = "DIR", order = 1, description = "A judged collection.")
    private @Nullable Path data;

    @Option(names = "--depth", paramLabel = "N,...", split = ",", order = 2, description = "Depths.")
    private List<Integer> depths = List.of(10, 20, 50, 100);

    @Option(names = "--metric", paramLabel = "NAME,...", split = ",", order = 2, description = "Metrics.")
    private List<String> metrics = List.of("ndcg@10", "recall@50", "mrr@10");

    @Mixin
    private CommonOptions common = new CommonOptions();

    EvalCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = common.config();
        EvalData judged = EvalData.beir(data, Integer.MAX_VALUE);
        Path docs = data.resolve("docs");
        Path root = Files.isDirectory(docs) ? docs : data.resolve("corpus.jsonl");
        Path cache = DocsIndex.writableCache(shell, diagnostics);
        List<EvalSystem.AtDepth> systems = EvalSystem.atDepths(EvalSystem.DEFAULTS, depths,
                config.search().effectiveDepth());
        try (Models models = Models.load(config.reranker().model());
                Interrupt interrupt = Interrupt.listen(() -> diagnostics.say("stopping"))) {
            Indexer indexer = new Indexer(models, config.index(), diagnostics);
            DocsIndex cached = new DocsIndex(cache, List.of(root), models.encoder().name(), config.index().language(),
                    indexer, diagnostics);
            try (LuceneIndex index = cached.open(Progress.on(shell, diagnostics), interrupt).index();
                    ScoreCache scores = ScoreCache.open(cache, ModelIdentity.of(config.reranker().model(),
                            models.scorer().orElseThrow().name()), ScoreCache.LIMIT, diagnostics)) {
                Optional<CachedScorer> scorer = models.scorer().map(model -> new CachedScorer(model, scores.scores()));
                EvalRanker ranker = new EvalRanker(index, config, scorer, systems, 100);
                Map<String, Map<String, List<String>>> runs = new LinkedHashMap<>();
                try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING)) {
                    progress.start(judged.queries().size(), judged.queries().size());
                    int done = 0;
                    for (Map.Entry<String, String> query : judged.queries().entrySet()) {
                        Map<String, List<Hit>> ranked = ranker.rank(query.getValue(), interrupt);
                        ranked.forEach((system, hits) -> runs.computeIfAbsent(system, name -> new LinkedHashMap<>())
                                .put(query.getKey(), hits.stream().map(hit -> judged.judgedId(hit.passage()
                                        .documentId())).toList()));
                        progress.at(++done, ranker.pairs());
                    }
                }
                List<Run> all = new ArrayList<>();
                runs.forEach((name, rankings) -> all.add(Run.of(name, rankings)));
                Evaluation evaluation = Evaluation.of(judged.qrels(), all, metrics.stream().map(Metric::parse)
                        .toList(), 1);
                Map<String, Latency> latency;
                try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.TIMING)) {
                    latency = new EvalTiming(index, config, models.scorer()).measure(systems,
                            judged.queries().values().stream().limit(20).toList(), progress, interrupt);
                }
                for (String system : evaluation.systems()) {
                    Map<String, Interval> means = evaluation.means(system);
                    shell.out().print(TextLayout.pad(system, 20));
                    means.values().forEach(mean -> shell.out().printf("  %.4f [%.3f, %.3f]", mean.mean(), mean.low(),
                            mean.high()));
                    shell.out().printf("  %.1f %.1f%n", latency.get(system).p50(), latency.get(system).p99());
                }
                shell.out().flush();
                diagnostics.say(ranker.failures() + " " + scores.size());
            }
        }
        return ExitCode.FOUND;
    }
}
