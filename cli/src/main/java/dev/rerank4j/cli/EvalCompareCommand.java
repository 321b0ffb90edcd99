package dev.rerank4j.cli;

import dev.rerank4j.eval.Difference;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.Run;
import dev.rerank4j.eval.SystemResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rerank eval compare}. */
@Command(name = "compare", sortOptions = false,
        description = "Compare TREC run files, whatever system wrote them: each with the first.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank eval compare bm25.run mine.run --qrels qrels/test.tsv",
                "  rerank eval compare a.run.gz b.run.gz c.run.gz --qrels qrels.txt \\",
                "      --metric ndcg@10,map --json -",
                "",
                "A system's name is the tag of its file; where tags are alike, the file's name.",
                "Comparisons are over the queries that both answered.",
                "",
                "Exit codes: 0 done, 2 wrong usage, 3 a file could not be used."})
final class EvalCompareCommand implements Callable<Integer> {

    /** How many documents of a query are shown. */
    private static final int SHOWN = 10;

    private final Shell shell;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run files; the first is what others are compared "
            + "with. Their names may end in .gz.")
    private List<Path> files = List.of();

    @Option(names = "--qrels", paramLabel = "FILE", required = true, order = 1,
            description = "Judgments: of TREC (query 0 document grade) or BEIR (a header, three columns).")
    private Path qrels = Path.of("");

    @Option(names = "--metric", paramLabel = "NAME", split = ",", order = 12,
            description = "See 'rerank eval --help' (ndcg@10,recall@50,mrr@10).")
    private List<String> metrics = EvalCommand.METRICS;

    @Option(names = "--seed", paramLabel = "N", order = 18,
            description = "Of the random numbers of the statistics (1): the same seed gives the same figures.")
    private long seed = 1;

    @Mixin
    private EvalOutput output = new EvalOutput();

    @Mixin
    private CommonOptions common = new CommonOptions();

    EvalCompareCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        List<Metric> measures = EvalCommand.measures(metrics);
        output.check();
        Qrels judged = Qrels.read(qrels);
        List<Run> runs = named(files.stream().map(Run::read).toList());
        Evaluation evaluation = Evaluation.of(judged, runs, measures, seed);
        output.write(report(judged, runs, evaluation, measures.getFirst().name()), shell, diagnostics);
        return ExitCode.FOUND;
    }

    /** The runs by their tags, or by their files where tags are alike. */
    private List<Run> named(List<Run> runs) {
        if (runs.stream().map(Run::name).distinct().count() == runs.size()) {
            return runs;
        }
        Set<String> taken = new HashSet<>();
        List<Run> named = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            String name = files.get(i).toString();
            if (!taken.add(name)) {
                throw new UsageException("the runs to compare must be different files, got " + name + " twice");
            }
            named.add(runs.get(i).named(name));
        }
        return named;
    }

    private Report report(Qrels judged, List<Run> runs, Evaluation evaluation, String metric) {
        List<Evaluation.Pair> pairs = runs.stream().skip(1)
                .map(run -> new Evaluation.Pair(runs.getFirst().name(), run.name())).toList();
        List<SystemResult> systems = runs.stream().map(run -> new SystemResult(run.name(), run.name(),
                OptionalInt.empty(), evaluation.means(run.name()), Optional.empty())).toList();
        Optional<Difference> difference = pairs.stream().findFirst().map(pair -> EvalReport.difference(evaluation,
                pair, metric, Map.of(), (query, names) -> names.stream().map(name -> runs.stream()
                        .filter(run -> run.name().equals(name)).findFirst().orElseThrow())
                        .map(run -> shown(run, query, judged)).toList()));
        int queries = (int) judged.queries().stream()
                .filter(query -> runs.stream().anyMatch(run -> run.queries().contains(query))).count();
        return new Report(String.valueOf(qrels.getFileName()), queries, false,
                evaluation.notes(runs, document -> true), systems, evaluation.compare(pairs), difference);
    }

    private static List<Difference.Shown> shown(Run run, String query, Qrels judged) {
        return run.documents(query).stream().limit(SHOWN).map(document -> new Difference.Shown(document, "", "",
                EvalReport.grade(judged, query, document))).toList();
    }
}
