package dev.rerank4j.cli;

import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.eval.Difference;
import dev.rerank4j.eval.DocumentRule;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank eval}. */
@Command(name = "eval", sortOptions = false, description = "Does reranking help on your documents, how deep should "
        + "it go, and what does it cost? Measures first stages alone and reranked, by document, with confidence "
        + "intervals.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank eval --data examples/handbook",
                "      a judged collection, as BEIR has them",
                "  rerank eval --docs handbook --judgments my.csv --html report.html",
                "      your own files; a line of my.csv is a query and what answers it",
                "  rerank eval --docs handbook --generate 100",
                "      nobody has judged anything: queries made from the documents",
                "  rerank eval --data scifact --systems hybrid,hybrid+rerank,hybrid+model \\",
                "      --depth 10,50,200 --queries 100 --json - | jq .systems",
                "  rerank eval --data scifact --queries 100 --max-calls 300 --systems \\",
                "      hybrid,hybrid+rerank:built-in,hybrid+rerank:cohere",
                "      rerankers side by side: quality, latency and what a provider bills",
                "  rerank eval --docs handbook --judgments my-model/held-back.csv --systems \\",
                "      hybrid+rerank:built-in,hybrid+rerank:my-model",
                "      does a model that you have fine-tuned gain over the built-in one?",
                "  rerank eval compare a.run b.run --qrels qrels/test.tsv",
                "      run files, also of other systems",
                "",
                "Systems are a first stage (bm25, vector, hybrid), alone, with +rerank (as",
                "configured) or +model (the model's scores alone), or with either of a model by",
                "its name or its folder, +rerank:cohere. Scores are kept in the cache: interrupted, it goes on",
                "where it was; run again with other metrics or depths, it scores only pairs that",
                "are new. Calls of providers that are paid are counted, told and asked for before",
                "the first is made.",
                "",
                "Exit codes: 0 done, 2 wrong usage, 3 a file, index or model could not be used,",
                "130 interrupted."})
final class EvalCommand implements Callable<Integer> {

    static final List<String> METRICS = List.of("ndcg@10", "recall@50", "mrr@10");

    /** Documents a first stage finds at least, where no measure and no depth asks for more. */
    private static final int DOCUMENTS = 100;

    /** As deep as trec_eval's users look, for measures without a cut-off. */
    static final int UNCUT = 1000;

    /** How many documents of a query are shown. */
    private static final int SHOWN = 10;

    private final Shell shell;

    @Mixin
    private EvalInput input = new EvalInput();

    @Option(names = "--systems", paramLabel = "NAME", split = ",", order = 10,
            description = "What to measure (bm25,vector,hybrid,bm25+rerank,hybrid+rerank), also with a model by its "
                    + "name or folder: hybrid+rerank:cohere.")
    private List<String> systems = EvalSystem.DEFAULTS.stream().map(EvalSystem::name).toList();

    @Option(names = "--depth", paramLabel = "N", split = ",", order = 11,
            description = "How many candidates are reranked; several give a curve (10,20,50,100).")
    private List<Integer> depths = List.of(10, 20, 50, 100);

    @Option(names = "--metric", paramLabel = "NAME", split = ",", order = 12,
            description = "ndcg, ndcg_exp, mrr, map, recall, p, hit, judged, with a cut-off; the first is the one "
                    + "that is compared and plotted (ndcg@10,recall@50,mrr@10).")
    private List<String> metrics = METRICS;

    @Option(names = "--document-rule", paramLabel = "RULE", order = 13,
            description = "How passages stand for their document: best (as search does), first, or decayed (the best "
                    + "and something of the rest) (best).")
    private String rule = "best";

    @Option(names = "--timing-queries", paramLabel = "N", order = 13,
            description = "How many searches are timed per system, one after another, nothing cached (20; 0: none).")
    private int timed = 20;

    @Mixin
    private EvalOutput output = new EvalOutput();

    @Mixin
    private RunFiles runFiles = new RunFiles();

    @Mixin
    private CommonOptions common = new CommonOptions();

    EvalCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = input.config(common.config());
        common.print(config, diagnostics);
        List<Metric> measures = measures(metrics);
        List<EvalSystem.AtDepth> chosen = systems(config);
        rule();
        output.check();
        runFiles.check(chosen.size());
        EvalRerankers rerankers = rerankers(config, chosen);
        try (Interrupt interrupt = Interrupt.listen(() -> diagnostics.say("stopping"));
                EvalSession session = EvalSession.open(shell, input, config, rerankers, interrupt, diagnostics)) {
            try {
                Report report = measure(session, config, chosen, measures, interrupt, diagnostics);
                output.write(report, shell, diagnostics);
            } catch (EvalScorer.Stopped e) {
                requireCalls(session);
                throw new InterruptedRun("interrupted; " + Units.count(session.kept())
                        + " scores are kept, and running this again goes on from there");
            }
        }
        return ExitCode.FOUND;
    }

    /**
     * @throws UsageException if there is no such metric
     */
    static List<Metric> measures(List<String> metrics) {
        try {
            return metrics.stream().map(Metric::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--metric: " + e.getMessage(), e);
        }
    }

    private DocumentRule rule() {
        try {
            return DocumentRule.parse(rule);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--document-rule: " + e.getMessage(), e);
        }
    }

    private List<EvalSystem.AtDepth> systems(Config config) {
        requireDepths(depths);
        List<EvalSystem> wanted = EvalSystem.parse(systems);
        if (config.reranker().models().isEmpty()
                && wanted.stream().anyMatch(system -> system.reranks() && system.model().isEmpty())) {
            throw new UsageException("--reranker none leaves nothing to rerank with: take built-in or a folder, or "
                    + "--systems without +rerank and +model");
        }
        return EvalSystem.atDepths(wanted, depths, config.depth());
    }

    /**
     * @throws UsageException if it was stopped because no more calls are allowed
     */
    static void requireCalls(EvalSession session) {
        if (session.spent()) {
            throw new UsageException("all the calls of --max-calls were made, more than was foreseen; "
                    + Units.count(session.kept()) + " scores are kept, and with more calls it goes on from there");
        }
    }

    /** Those of the systems; where none reranks, what is configured says how long passages are. */
    private static EvalRerankers rerankers(Config config, List<EvalSystem.AtDepth> systems) {
        Set<String> names = systems.stream().map(EvalSystem.AtDepth::system).filter(EvalSystem::reranks)
                .map(EvalSystem::model).collect(Collectors.toCollection(LinkedHashSet::new));
        return EvalRerankers.of(config, names.isEmpty() ? Set.of("") : names);
    }

    private int documents(List<Metric> measures) {
        int deepest = Math.max(DOCUMENTS, depths.stream().mapToInt(Integer::intValue).max().orElse(0));
        return Math.max(deepest, measures.stream().mapToInt(EvalCommand::cut).max().orElse(0));
    }

    /** How many documents a metric looks at. */
    static int cut(Metric metric) {
        int at = metric.name().indexOf('@');
        return at < 0 ? UNCUT : Integer.parseInt(metric.name().substring(at + 1));
    }

    /**
     * @throws UsageException if one is below 1
     */
    static void requireDepths(List<Integer> depths) {
        depths.stream().filter(depth -> depth < 1).findFirst().ifPresent(depth -> {
            throw new UsageException("--depth must be >= 1, got " + depth);
        });
    }

    private Report measure(EvalSession session, Config config, List<EvalSystem.AtDepth> chosen, List<Metric> measures,
            Interrupt interrupt, Diagnostics diagnostics) {
        EvalData data = session.data();
        spend(session, config, chosen, documents(measures), diagnostics);
        EvalRanker ranker = new EvalRanker(session.index(), config,
                system -> system.reranks()
                        ? system.reranker(session.config(system.model()), session.scorers(system.model()))
                        : Optional.empty(),
                chosen, documents(measures), rule(),
                model -> session.applicability(Config.Retrieval.HYBRID, model));
        List<Run> runs = runs(session, ranker, diagnostics);
        runFiles.write(runs);
        Evaluation evaluation = Evaluation.of(data.qrels(), runs, measures, input.seed());
        Map<String, EvalTiming.Timed> latencies = timed(session, config, chosen, diagnostics);
        String metric = measures.getFirst().name();
        Optional<Difference> difference = EvalReport.shown(chosen,
                system -> evaluation.means(system).get(metric).mean())
                .map(pair -> EvalReport.difference(evaluation, pair,
                        metric, data.queries(), (query, names) -> shown(data, ranker, query, names)));
        List<String> notes = new ArrayList<>(data.notes());
        notes.addAll(evaluation.notes(runs.subList(0, 1), document -> data.knows(document, session.index())));
        ranker.odd().forEach((what, count) -> notes.add("on " + (count == data.queries().size()
                ? "all"
                : count + " of the") + " " + data.queries().size() + " queries " + what));
        latencies.forEach((system, each) -> {
            if (each.degraded() > 0) {
                notes.add("in " + each.degraded() + " of the " + each.latency().queries() + " searches of " + system
                        + " that were timed, a stage failed or was late");
            }
        });
        if (ranker.odd().keySet().stream().anyMatch(what -> what.startsWith(EvalRanker.FAILED))) {
            notes.add(
                    "figures of systems with a stage that failed are not theirs; run this again: only what is missing "
                            + "is asked for");
        }
        return new Report(data.name(), data.queries().size(), data.synthetic(), notes,
                EvalReport.results(evaluation, chosen, latencies), evaluation.compare(EvalReport.pairs(chosen)),
                difference);
    }

    private Map<String, EvalTiming.Timed> timed(EvalSession session, Config config, List<EvalSystem.AtDepth> chosen,
            Diagnostics diagnostics) {
        if (timed == 0) {
            return Map.of();
        }
        try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.TIMING)) {
            return new EvalTiming(session.index(), config, session::stops).measure(session, chosen,
                    session.data().first(timed), progress);
        }
    }

    /** Asks for what is paid. */
    private void spend(EvalSession session, Config config, List<EvalSystem.AtDepth> chosen, int documents,
            Diagnostics diagnostics) {
        List<EvalSystem.AtDepth> billed = chosen.stream()
                .filter(each -> each.system().reranks() && session.isBilled(each.system().model())).toList();
        if (billed.isEmpty()) {
            return;
        }
        EvalPlan plan = new EvalPlan();
        try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING, "counting")) {
            plan.add(session, billed, second -> new EvalRanker(session.index(), config, second, billed, documents,
                    rule(), model -> session.applicability(Config.Retrieval.HYBRID, model)), progress);
        }
        int searches = timed == 0 ? 0 : EvalTiming.searches(Math.min(timed, session.data().queries().size()), true);
        billed.stream().map(each -> new EvalSystem.AtDepth("", each.system(), each.depth(), true)).distinct()
                .forEach(each -> plan.add(session, each, searches));
        if (plan.calls() > 0) {
            input.spending().allow(plan, shell, diagnostics);
        }
    }

    private List<Run> runs(EvalSession session, EvalRanker ranker, Diagnostics diagnostics) {
        EvalData data = session.data();
        Map<String, Map<String, List<String>>> rankings = new LinkedHashMap<>();
        try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING)) {
            progress.start(data.queries().size(), data.queries().size());
            int done = 0;
            for (String query : data.queries().keySet()) {
                ranker.rank(data.query(query)).forEach((system, hits) -> rankings
                        .computeIfAbsent(system, name -> new LinkedHashMap<>()).put(query, ids(data, hits)));
                session.keep();
                progress.at(++done, session.pairs());
            }
        }
        if (diagnostics.verbose()) {
            diagnostics.say(Units.count(session.pairs()) + " pairs were scored, "
                    + Units.count(session.kept()) + " are kept");
        }
        return rankings.entrySet().stream().map(run -> Run.of(run.getKey(), run.getValue())).toList();
    }

    private static List<String> ids(EvalData data, List<Hit> hits) {
        return hits.stream().map(hit -> data.judgedId(hit.passage().documentId())).toList();
    }

    private static List<List<Difference.Shown>> shown(EvalData data, EvalRanker ranker, String query,
            List<String> names) {
        Map<String, List<Hit>> ranked = ranker.rank(data.query(query));
        return names.stream().map(name -> ranked.get(name).stream().limit(SHOWN).map(hit -> {
            Passage passage = hit.passage();
            String id = data.judgedId(passage.documentId());
            return new Difference.Shown(id, passage.title(), passage.text(),
                    EvalReport.grade(data.qrels(), query, id));
        }).toList()).toList();
    }
}
