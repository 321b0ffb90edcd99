package dev.rerank4j.cli;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank candidates}. */
@Command(name = "candidates", sortOptions = false,
        description = "What the first stage finds for your judged queries, as JSON Lines: what a cross-encoder of your "
                + "own learns from.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank candidates --docs handbook --judgments my.csv --out candidates.jsonl",
                "      your own files; a line of my.csv is a query and what answers it",
                "  rerank candidates --docs shop --clicks clicks.csv --out candidates.jsonl",
                "      nobody has judged anything, but people have searched and clicked",
                "  rerank candidates --data scifact --depth 100 --out candidates.jsonl",
                "      a judged collection, as BEIR has them",
                "  jq -r '.candidates[] | select(.grade == null and .logit > 3) | .document' \\",
                "      candidates.jsonl | sort | uniq -c | sort -rn",
                "      what nobody judged and the model takes for relevant: judge it",
                "",
                "A line is a query, {\"query\": ..., \"candidates\": [...]}, the best candidates",
                "first, each with document, passage (its place in the document), text (what a",
                "model reads), grade (null: nobody judged it), bm25, vector (null: not found by",
                "it) and logit (of the built-in model, or of --model; null with --model none).",
                "Passages of judged documents that were not found stand at the end, three a",
                "document. training/finetune trains a model on them: docs/fine-tuning.md.",
                "",
                "The file has its name once it is whole. Scores are kept in the cache:",
                "interrupted, it goes on where it was.",
                "",
                "Exit codes: 0 done, 2 wrong usage, or judgments of which nothing can be learnt,",
                "3 a file, index or model could not be used, 130 interrupted."})
final class CandidatesCommand implements Callable<Integer> {

    /**
     * A fifth is held back to measure on, and a fifth decides when training stops: of 20 that is four each, of which
     * each changes the mean by a quarter. Of fewer, whatever comes out is chance.
     */
    static final int LEAST_QUERIES = 20;

    private final Shell shell;

    @Mixin
    private EvalInput input = new EvalInput();

    @Option(names = "--depth", paramLabel = "N", order = 10,
            description = "How many candidates of each query (50): as many as your searches rerank.")
    private int depth = 50;

    @Option(names = "--retriever", paramLabel = "KIND", order = 16,
            description = "The first stage: bm25, vector, or hybrid, which is both (hybrid). Take that of your searches.")
    private Config.@Nullable Retrieval retriever;

    @Option(names = "--out", paramLabel = "FILE", order = 20, required = true, description = "Where they are written.")
    private Path out = Path.of("");

    @Option(names = "--force", order = 21, description = "Overwrite the file if it is there.")
    private boolean force;

    @Mixin
    private CommonOptions common = new CommonOptions();

    CandidatesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = config();
        common.print(config, diagnostics);
        check(config);
        try (Interrupt interrupt = Interrupt.listen(() -> diagnostics.say("stopping"));
                EvalSession session = EvalSession.open(shell, input, config, EvalRerankers.of(config, Set.of("")),
                        interrupt, diagnostics)) {
            EvalData data = session.data();
            requireUsable(data);
            data.notes().forEach(diagnostics::warn);
            try {
                write(session, config, diagnostics);
            } catch (EvalScorer.Stopped e) {
                throw new InterruptedRun("interrupted; " + Units.count(session.kept())
                        + " scores are kept, and running this again goes on from there");
            }
        }
        return ExitCode.FOUND;
    }

    private Config config() {
        Config config = input.config(common.config());
        Config.Search search = config.search();
        return config.with(search.first(CommonOptions.or(retriever, search.retriever()), search.fusion()));
    }

    private void check(Config config) {
        if (depth < 2) {
            throw new UsageException("--depth must be >= 2, got " + depth);
        }
        if (!config.search().retriever().isEmbedded()) {
            throw new UsageException("--retriever must be bm25, vector or hybrid, got "
                    + config.search().retriever().text() + ": candidates are found in an index in a folder");
        }
        config.rerankers().stream().filter(ModelName.Remote.class::isInstance).findFirst().ifPresent(remote -> {
            throw new UsageException("--reranker must be built-in, none, a folder or a model's name, got " + remote
                    + ": a provider's scores are no logits to compare passages by");
        });
        CandidatesFile.check(out, force);
    }

    private static void requireUsable(EvalData data) {
        if (!data.contradictions().isEmpty()) {
            int more = data.contradictions().size() - 1;
            throw new UsageException(data.contradictions().getFirst()
                    + (more == 0 ? "" : ", and " + more + " more like this")
                    + "; a model cannot learn both: delete one");
        }
        if (data.queries().size() < LEAST_QUERIES) {
            throw new UsageException("fine-tuning needs at least " + LEAST_QUERIES + " judged queries, got "
                    + data.queries().size() + ": judge more, or let people's clicks do it (--clicks)");
        }
    }

    private void write(EvalSession session, Config config, Diagnostics diagnostics) {
        TrainingQueries queries = new TrainingQueries(session, config, depth);
        CandidatesSummary summary = new CandidatesSummary(session.data(), session.index());
        try (CandidatesFile file = CandidatesFile.open(out);
                Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING, "candidates")) {
            progress.start(session.data().queries().size(), session.data().queries().size());
            int done = 0;
            for (String id : session.data().queries().keySet()) {
                if (session.stops()) {
                    throw new EvalScorer.Stopped();
                }
                TrainingQuery query = queries.of(id);
                file.write(query);
                summary.add(id, query);
                session.keep();
                progress.at(++done, session.pairs());
            }
            summary.requireTeaching();
            file.finish();
        }
        queries.warnings().forEach(diagnostics::warn);
        summary.warnings().forEach(diagnostics::warn);
        shell.out().println(summary.sentence() + "; written to " + out);
        shell.out().flush();
    }
}
