package dev.rerank4j.cli;

import dev.rerank4j.Reranker;
import dev.rerank4j.eval.Latency;
import dev.rerank4j.eval.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank tune}. */
@Command(name = "tune", sortOptions = false,
        description = "Choose the configuration that is best on your judged queries: first stage, how its rankings are "
                + "fused, whether to rerank, how deep, and how the model is weighed against the evidence.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank tune --data examples/handbook",
                "      writes rerank4j.yaml, for 'rerank search --config rerank4j.yaml'",
                "  rerank tune --data scifact --budget 150ms --out fast.yaml",
                "      of what answers half of the searches within 150 ms on this machine",
                "",
                "What is chosen is measured by cross-validation: queries are dealt into five",
                "folds, and each is answered by what was best on the other four. It is",
                "recommended only if it beats today's settings so, and not by chance (p < 0.05",
                "of a paired randomization test). Otherwise today's settings are.",
                "",
                "Exit codes: 0 done, 2 wrong usage, 3 a file, index or model could not be used,",
                "130 interrupted."})
final class TuneCommand implements Callable<Integer> {

    /** With fewer, whatever wins does so by chance. */
    private static final int LEAST_QUERIES = 10;

    /** How often a choice is made anew because its searches took longer than foreseen. */
    private static final int ROUNDS = 4;

    private static final int TIMED = 20;
    private static final String PRINT = "-";

    private final Shell shell;

    @Mixin
    private EvalInput input = new EvalInput();

    @Option(names = "--budget", paramLabel = "TIME", order = 10,
            description = "What half of the searches may take at most on this machine, such as 150ms.")
    private @Nullable Duration budget;

    @Option(names = "--depth", paramLabel = "N", split = ",", order = 11,
            description = "How many candidates may be reranked: what is tried (10,20,50,100).")
    private List<Integer> depths = List.of(10, 20, 50, 100);

    @Option(names = "--metric", paramLabel = "NAME", order = 12, description = "What is to be best (ndcg@10).")
    private String metric = "ndcg@10";

    @Option(names = "--chunk-sizes", paramLabel = "TOKENS", split = ",", order = 13,
            description = "Sizes of passages to try, such as 128,256,445. Each needs an index of its own, and all pairs "
                    + "scored anew; by default only today's size is tried.")
    private List<Integer> chunkSizes = List.of();

    @Option(names = "--out", paramLabel = "FILE", order = 20,
            description = "Where the configuration is written (rerank4j.yaml); - for the standard output.")
    private String out = "rerank4j.yaml";

    @Option(names = "--force", order = 21, description = "Overwrite the file if it is there.")
    private boolean force;

    @Option(names = "--color", paramLabel = "WHEN", order = 23,
            description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    private Style.When color = Style.When.AUTO;

    @Mixin
    private CommonOptions common = new CommonOptions();

    TuneCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config file = common.config();
        Config today = input.config(file);
        common.print(today, diagnostics);
        check();
        if (!today.search().retriever().isEmbedded()) {
            throw new UsageException("rerank tune tries the index in a folder, and search.retriever is "
                    + today.search().retriever().text() + " in the configuration: set it to bm25, vector or hybrid");
        }
        Metric measure = EvalCommand.measures(List.of(metric)).getFirst();
        try (Interrupt interrupt = Interrupt.listen(() -> diagnostics.say("stopping"))) {
            return tune(today, file.search(), measure, interrupt, diagnostics);
        }
    }

    private void check() {
        if (!out.equals(PRINT)) {
            Path target = Path.of(out).toAbsolutePath();
            if (Files.isDirectory(target) || target.getParent() != null && !Files.isDirectory(target.getParent())) {
                throw new UsageException("--out must name a file in a folder that exists, got " + out);
            }
            if (Files.exists(target) && !force) {
                throw new UsageException("--out " + out + " is there already; --force overwrites it, or name another");
            }
        }
        EvalCommand.requireDepths(depths);
        chunkSizes.stream().filter(size -> size < Config.Chunk.LEAST).findFirst().ifPresent(size -> {
            throw new UsageException("--chunk-sizes must be >= " + Config.Chunk.LEAST + ", got " + size);
        });
        if (!chunkSizes.isEmpty() && input.index() != null) {
            throw new UsageException("--chunk-sizes and --index exclude each other: an index has one size");
        }
    }

    private int tune(Config today, Config.Search original, Metric measure, Interrupt interrupt,
            Diagnostics diagnostics) {
        TuneTrial trial = trial(today, measure, interrupt, diagnostics);
        double most = budget == null ? Double.POSITIVE_INFINITY : budget.toNanos() / 1e6;
        double foreseen = most;
        for (int round = 1;; round++) {
            double limit = foreseen;
            TuneChoice choice = TuneChoice.of(trial, config -> trial.millis()[config] <= limit, measure,
                    input.seed());
            Config chosen = trial.configs().get(choice.recommended());
            Latency latency = latency(chosen, interrupt, diagnostics);
            if (latency.p50() <= most || round == ROUNDS) {
                TuneSummary summary = new TuneSummary(trial, choice, measure.name(), latency);
                trial.data().notes().forEach(diagnostics::warn);
                summary.print(shell.out(), shell.width(), color.on(shell));
                write(restored(chosen, original), summary.comment());
                return ExitCode.FOUND;
            }
            foreseen = Math.min(limit, trial.millis()[choice.recommended()] * most / latency.p50());
        }
    }

    private TuneTrial trial(Config today, Metric measure, Interrupt interrupt, Diagnostics diagnostics) {
        List<TuneTrial> trials = new ArrayList<>();
        for (Config base : bases(today)) {
            try (EvalSession session = session(base, interrupt, diagnostics);
                    Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING)) {
                EvalData data = session.data();
                if (data.queries().size() < LEAST_QUERIES) {
                    throw new UsageException("tuning needs at least " + LEAST_QUERIES + " judged queries, "
                            + data.name() + " has " + data.queries().size());
                }
                if (trials.isEmpty()) {
                    spend(session, today, bases(today).size(), diagnostics);
                }
                try {
                    trials.add(TuneTrial.run(session, TuneGrid.of(base, depths, !session.models().isEmpty()), measure,
                            progress, interrupt));
                } catch (EvalScorer.Stopped e) {
                    EvalCommand.requireCalls(session);
                    throw new InterruptedRun("interrupted; " + Units.count(session.kept())
                            + " scores are kept, and running this again goes on from there");
                }
            }
        }
        return trials.stream().reduce(TuneTrial::plus).orElseThrow();
    }

    /** Asks for what is paid: at most so much is read, since what first stages find is much the same. */
    private void spend(EvalSession session, Config today, int indexes, Diagnostics diagnostics) {
        if (session.models().stream().anyMatch(model -> model.reads() == StageScorer.Reads.AS_LIST)) {
            throw new UsageException("tune tries hundreds of settings over scores of pairs, and a language model that "
                    + "orders lists has none: measure it with rerank eval, or ask it with method: pointwise");
        }
        if (!session.isBilled("")) {
            return;
        }
        EvalPlan plan = new EvalPlan();
        int deepest = Math.max(today.depth(), Collections.max(depths));
        long searches = (long) ROUNDS * EvalTiming.searches(TIMED, true);
        plan.add(session, new EvalSystem.AtDepth("", EvalSystem.parse("hybrid+rerank"), 2 * deepest, true),
                (long) indexes * (session.data().queries().size() + TuneTrial.COSTS));
        plan.add(session, new EvalSystem.AtDepth("", EvalSystem.parse("hybrid+rerank"), deepest, true), searches);
        input.spending().allow(plan, shell, diagnostics);
    }

    /** Today's settings, and the same with other sizes of passages. */
    private List<Config> bases(Config today) {
        List<Config> bases = new ArrayList<>(List.of(today));
        for (int size : chunkSizes) {
            Config.Chunk chunk = new Config.Chunk(size, null, today.index().chunk().by());
            bases.add(today.with(today.index().withChunk(chunk)));
        }
        return bases;
    }

    private EvalSession session(Config config, Interrupt interrupt, Diagnostics diagnostics) {
        Integer size = config.index().chunk().size();
        return EvalSession.open(shell, input, config, EvalRerankers.of(config, List.of("")),
                chunkSizes.isEmpty() || size == null ? "" : "-" + size,
                interrupt, diagnostics);
    }

    private Latency latency(Config config, Interrupt interrupt, Diagnostics diagnostics) {
        try (EvalSession session = session(config, interrupt, diagnostics)) {
            Optional<Reranker> reranker = TuneGrid.reranks(config)
                    ? Assembly.reranker(config, session.models())
                    : Optional.empty();
            return new EvalTiming(session.index(), config, session::stops).measure(config.search(), reranker,
                    session.applicability(config.search().retriever()), session.data().first(TIMED),
                    new EvalBill(session.rerankers("")));
        } catch (EvalScorer.Stopped e) {
            throw new InterruptedRun("stopped while timing; scores are kept, and running this again goes fast");
        }
    }

    /** With the unit and limit that the file had: they were not tuned. */
    private static Config restored(Config chosen, Config.Search original) {
        Config.Search search = chosen.search();
        return chosen.with(search.hits(original.unit(), Math.min(original.limit(), chosen.depth())));
    }

    private void write(Config config, String comment) {
        String yaml = comment + ConfigFile.text(config);
        if (out.equals(PRINT)) {
            shell.out().println();
            shell.out().print(yaml);
            shell.out().flush();
            return;
        }
        try {
            Files.writeString(Path.of(out), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell.out().println("written to " + out + ": rerank search --config " + out);
        shell.out().flush();
    }
}
