package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.Scorer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rerank rerank}: the cross-encoder alone, as a filter. */
@Command(name = "rerank", sortOptions = false,
        description = "Put candidates from the standard input into a better order: lines or JSONL in, best first out. "
                + "The cross-encoder alone, no index.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank rerank \"waterproof jacket\" < products.txt",
                "  grep -i refund tickets.txt | rerank rerank \"wants money back\" --limit 5 --scores",
                "  rerank rerank \"caffeine and sleep\" < candidates.jsonl | jq -c \"{id, probability}\"",
                "",
                "Input: a candidate a line, blank lines are skipped. If the first line starts",
                "with a brace, each line is a JSON object with the text in text, passage,",
                "document or content, and perhaps a title. It comes out again as it was, with",
                "rank, score (the model's logit) and probability (null if the model has none);",
                "with --cascade, whose first model reads all, also stage: which one read it last.",
                "Limits: 100,000 candidates and 64 MiB (reranker.max-input in a --config file),",
                "all held in memory.",
                "",
                "Exit codes: 0 done, 1 no candidates, 2 wrong usage or input, 3 the model could",
                "not be used."})
final class RerankCommand implements Callable<Integer> {

    private final Shell shell;
    private final BiFunction<ModelName, Downloads, Scorer> scorers;

    @Parameters(paramLabel = "QUERY", description = "What the candidates should answer.")
    private String query = "";

    @Option(names = "--limit", paramLabel = "N", order = 1, description = "How many at most (all).")
    private @Nullable Integer limit;

    @Option(names = "--scores", order = 2,
            description = "Put the probability (the score, if the model has none) and a tab before each line.")
    private boolean scores;

    @Option(names = "--json", order = 3, description = "Print JSON objects for lines, too.")
    private boolean json;

    @Option(names = {"--reranker", "--model"}, paramLabel = "MODEL", order = 4,
            description = "built-in, a folder with a cross-encoder, the name of one such as BAAI/bge-reranker-base, "
                    + "which is downloaded when it is first used, or a provider such as cohere, jina:MODEL or "
                    + "ollama:MODEL (built-in).")
    private @Nullable String reranker;

    @Option(names = "--cascade", paramLabel = "MODEL=DEPTH", split = ",", order = 5,
            description = "Several models, one after the other, each for the best of what the one before it put first: "
                    + "built-in=200,BAAI/bge-reranker-base=50. Instead of --reranker.")
    private List<String> cascade = List.of();

    @Mixin
    private CommonOptions common = new CommonOptions();

    /**
     * @param scorers makes the model of a name
     */
    RerankCommand(Shell shell, BiFunction<ModelName, Downloads, Scorer> scorers) {
        this.shell = shell;
        this.scorers = scorers;
    }

    @Override
    public Integer call() throws IOException {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = ModelOptions.reranker(common.config(), reranker, cascade);
        common.print(config, diagnostics);
        if (query.isBlank()) {
            throw new UsageException("the query must not be empty: say what the candidates should answer");
        }
        if (limit != null && limit < 1) {
            throw new UsageException("--limit must be >= 1, got " + limit);
        }
        List<ModelName> models = config.rerankers();
        if (models.isEmpty()) {
            throw new UsageException("--reranker none leaves nothing to rerank with; take built-in, a folder or a "
                    + "model's name");
        }
        for (ModelName model : models) {
            if (model instanceof ModelName.Remote remote) {
                RemoteModel.key(remote, shell); // a missing one is told before anybody types
            }
        }
        if (shell.isTerminal(Shell.Stream.IN)) {
            diagnostics.say("type or paste candidates, one a line, and end with Ctrl-D; or use a pipe or a file: "
                    + "rerank rerank \"query\" < candidates.txt");
        }
        List<Candidate> candidates = new CandidateReader(config.reranker().maxInput()).read(shell.in());
        if (candidates.isEmpty()) {
            diagnostics.say("no candidates: the input is empty");
            return ExitCode.NOTHING;
        }
        print(candidates,
                rank(candidates.stream().map(Candidate::text).toList(), config.reranker(), models, diagnostics),
                models.size() > 1);
        return ExitCode.FOUND;
    }

    /** The order of the first model is needed, that of a later one only better than what there is. */
    private TextOrder rank(List<String> texts, Reranking settings, List<ModelName> models, Diagnostics diagnostics) {
        Downloads downloads = new Downloads(shell, diagnostics);
        TextOrder order;
        try (Scorer first = scorers.apply(models.getFirst(), downloads)) {
            order = TextOrder.of(query, texts, first, Deadline.none());
        }
        for (int i = 1; i < models.size(); i++) {
            try (Scorer scorer = scorers.apply(models.get(i), downloads)) {
                order = narrowed(order, settings.stages().get(i).depth(), scorer, i + 1, diagnostics);
            }
        }
        return order;
    }

    private static TextOrder narrowed(TextOrder order, int depth, Scorer scorer, int stage, Diagnostics diagnostics) {
        try {
            return order.narrowed(depth, scorer, stage, Deadline.none());
        } catch (RerankException e) {
            diagnostics.warn("this order is not the best there is: " + scorer.name() + " failed: " + e.getMessage());
            return order;
        }
    }

    private void print(List<Candidate> candidates, TextOrder order, boolean withStage) {
        int rank = 0;
        for (TextOrder.Read read : order.read().subList(0, limit == null
                ? candidates.size()
                : Math.min(limit, candidates.size()))) {
            rank++;
            Candidate candidate = candidates.get(read.index());
            shell.out().println(json || candidate.object().isPresent()
                    ? json(candidate, read, rank, withStage)
                    : line(candidate, read));
            if (rank % 100 == 0 && shell.out().checkError()) {
                return; // nobody reads on
            }
        }
        shell.out().flush();
    }

    private String line(Candidate candidate, TextOrder.Read read) {
        return scores
                ? String.format(Locale.ROOT, "%.3f\t%s", read.probability().orElse(read.score()), candidate.line())
                : candidate.line();
    }

    private static String json(Candidate candidate, TextOrder.Read read, int rank, boolean withStage) {
        ObjectNode object = candidate.object().map(ObjectNode::deepCopy)
                .orElseGet(() -> Json.MAPPER.createObjectNode().put("text", candidate.line()));
        object.put("rank", rank).put("score", read.score());
        if (read.probability().isPresent()) {
            object.put("probability", (float) read.probability().getAsDouble());
        } else {
            object.putNull("probability");
        }
        if (withStage) {
            object.put("stage", read.stage());
        }
        return Json.text(object);
    }
}
