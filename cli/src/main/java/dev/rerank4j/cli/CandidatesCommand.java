package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
                "  rerank candidates --docs shop --clicks clicks.csv --out candidates.jsonl",
                "  rerank candidates --data scifact --out candidates.jsonl --depth 100",
                "  training/finetune --docs handbook --judgments my.csv --out my-model",
                "      calls it, trains, and writes a folder for --model: docs/fine-tuning.md",
                "",
                "A line is a query: {\"query\": ..., \"candidates\": [...]}, the best first, each with",
                "document, passage, text, grade (null: nobody judged it), bm25, vector (null: not",
                "found) and logit (of --model; null with --model none). Passages of judged documents",
                "that the first stage missed stand at the end. Scores are kept in the cache:",
                "interrupted, it goes on where it was.",
                "",
                "Exit codes: 0 done, 2 wrong usage, 3 a file, index or model could not be used,",
                "130 interrupted."})
final class CandidatesCommand implements Callable<Integer> {

    /** Of fewer nothing can be learnt that holds for the next query. */
    static final int LEAST_QUERIES = 10;

    /** Passages of a judged document that was not found: those that the model likes most. */
    private static final int MISSED = 3;

    private final Shell shell;

    @Mixin
    private EvalInput input = new EvalInput();

    @Option(names = "--depth", paramLabel = "N", order = 10, description = "How many candidates of each query (50).")
    private int depth = 50;

    @Option(names = "--out", paramLabel = "FILE", order = 20, required = true,
            description = "Where they are written, all or nothing.")
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
        Config config = input.config(common.config());
        common.print(config, diagnostics);
        check();
        EvalRerankers rerankers = EvalRerankers.of(config, Set.of(""));
        try (Interrupt interrupt = Interrupt.listen(() -> diagnostics.say("stopping"));
                EvalSession session = EvalSession.open(shell, input, config, rerankers, interrupt, diagnostics)) {
            if (session.isBilled("")) {
                throw new UsageException("candidates are read by a model in this process: --model built-in, a folder, "
                        + "a model's name, or none");
            }
            EvalData data = session.data();
            if (data.queries().size() < LEAST_QUERIES) {
                throw new UsageException("fine-tuning needs at least " + LEAST_QUERIES + " judged queries, "
                        + data.name() + " has " + data.queries().size() + ": judge more, or collect clicks");
            }
            data.notes().forEach(diagnostics::warn);
            try {
                List<TrainingQuery> queries = queries(session, config, diagnostics);
                write(queries);
                report(queries, diagnostics);
            } catch (EvalScorer.Stopped e) {
                throw new InterruptedRun("interrupted; " + Units.count(session.kept())
                        + " scores are kept, and running this again goes on from there");
            }
        }
        return ExitCode.FOUND;
    }

    private void check() {
        if (depth < 2) {
            throw new UsageException("--depth must be >= 2, got " + depth);
        }
        Path folder = out.toAbsolutePath().getParent();
        if (Files.isDirectory(out) || folder != null && !Files.isDirectory(folder)) {
            throw new UsageException("--out must name a file in a folder that exists, got " + out);
        }
        if (Files.exists(out) && !force) {
            throw new UsageException("--out " + out + " is there already; --force overwrites it, or name another");
        }
    }

    private List<TrainingQuery> queries(EvalSession session, Config config, Diagnostics diagnostics) {
        LuceneIndex index = session.index();
        Map<Config.Retrieval, Retriever> retrievers = Map.of(Config.Retrieval.BM25, index.bm25(),
                Config.Retrieval.VECTOR, index.vector());
        Fusion fusion = config.search().fusion().fusion();
        List<TrainingQuery> queries = new ArrayList<>();
        Set<String> skipped = new HashSet<>();
        try (Progress progress = Progress.on(shell, diagnostics, Progress.Work.SCORING, "candidates")) {
            progress.start(session.data().queries().size(), session.data().queries().size());
            for (String id : session.data().queries().keySet()) {
                Query query = session.data().query(id);
                QueryCandidates found = new QueryCandidates(query, retrievers, depth,
                        session.applicability(Config.Retrieval.HYBRID), e -> {
                            throw e;
                        });
                session.applicability(Config.Retrieval.HYBRID).reasonToSkip("rerank", query).ifPresent(skipped::add);
                queries.add(query(session, id, found, fusion));
                session.keep();
                progress.at(queries.size(), session.pairs());
            }
        }
        skipped.stream().sorted().forEach(reason -> diagnostics.warn(reason
                + ": training on these texts does not teach it their language"));
        return queries;
    }

    private TrainingQuery query(EvalSession session, String id, QueryCandidates found, Fusion fusion) {
        EvalData data = session.data();
        Map<String, Integer> grades = data.qrels().grades(id);
        List<TrainingQuery.Candidate> candidates = new ArrayList<>();
        found.at(depth, Config.Retrieval.HYBRID, fusion).forEach(hit -> {
            String document = data.judgedId(hit.passage().documentId());
            candidates.add(TrainingQuery.Candidate.of(hit, document, grades.get(document)));
        });
        List<TrainingQuery.Candidate> all = read(session, found.query(), candidates);
        Set<String> documents = all.stream().map(TrainingQuery.Candidate::document).collect(Collectors.toSet());
        grades.forEach((document, grade) -> {
            if (!documents.contains(document)) {
                List<Passage> passages = session.index().passages(data.prefix() + document);
                read(session, found.query(), passages.stream()
                        .map(passage -> TrainingQuery.Candidate.of(passage, document, grade)).toList()).stream()
                        .sorted(Comparator.comparingDouble(each -> each.logit() == null ? 0 : -each.logit()))
                        .limit(MISSED).forEach(all::add);
            }
        });
        return new TrainingQuery(found.query().text(), all);
    }

    /** With the model's logits, if there is one. */
    private static List<TrainingQuery.Candidate> read(EvalSession session, Query query,
            List<TrainingQuery.Candidate> candidates) {
        List<StageScorer> scorers = session.scorers();
        if (scorers.isEmpty() || candidates.isEmpty()) {
            return new ArrayList<>(candidates);
        }
        float[] logits = scorers.getFirst().scorer().score(ScoreRequest.of(query.text(),
                candidates.stream().map(TrainingQuery.Candidate::text).toList(), Deadline.none())).logits();
        return IntStream.range(0, logits.length).mapToObj(i -> candidates.get(i).withLogit(logits[i]))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Under its name when it is whole. */
    private void write(List<TrainingQuery> queries) {
        if (queries.stream().noneMatch(TrainingQuery::teaches)) {
            throw new UsageException("there is nothing to tell apart: no query has both a candidate that is relevant "
                    + "and one that is not; look deeper with --depth, add documents, or judge other queries");
        }
        try {
            Path folder = out.toAbsolutePath().getParent();
            Path beside = Files.createTempFile(folder == null ? Path.of(".") : folder, "." + out.getFileName(), "");
            try {
                try (BufferedWriter writer = Files.newBufferedWriter(beside)) {
                    for (TrainingQuery query : queries) {
                        writer.write(Json.text(query));
                        writer.newLine();
                    }
                }
                Files.move(beside, out, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(List<TrainingQuery> queries, Diagnostics diagnostics) {
        long teaching = queries.stream().filter(TrainingQuery::teaches).count();
        long candidates = queries.stream().mapToLong(query -> query.candidates().size()).sum();
        long relevant = queries.stream().mapToLong(query -> documents(query, false)).sum();
        long found = queries.stream().mapToLong(query -> documents(query, true)).sum();
        shell.out().println(Units.count(queries.size()) + " judged queries, " + Units.count(candidates)
                + " candidates; the first stage found " + Units.count(found) + " of " + Units.count(relevant)
                + " relevant documents; written to " + out);
        shell.out().flush();
        if (teaching < queries.size()) {
            diagnostics
                    .warn((queries.size() - teaching) + " of " + queries.size() + " queries teach nothing: they have "
                            + "no relevant document, or no candidate that is not relevant");
        }
    }

    private static long documents(TrainingQuery query, boolean found) {
        return query.candidates().stream().filter(TrainingQuery.Candidate::relevant)
                .filter(candidate -> !found || candidate.found()).map(TrainingQuery.Candidate::document).distinct()
                .count();
    }
}
