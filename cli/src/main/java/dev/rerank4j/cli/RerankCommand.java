package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
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
                "rank, score (the model's logit) and probability (null if the model has none).",
                "Limits: 100,000 candidates and 64 MiB (reranker.max-input in a --config file),",
                "all held in memory.",
                "",
                "Exit codes: 0 done, 1 no candidates, 2 wrong usage or input, 3 the model could",
                "not be used."})
final class RerankCommand implements Callable<Integer> {

    /** One call of the model: bounds what the texts take beside themselves. */
    private static final int SLICE = 1000;

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
            description = "built-in, a folder with a cross-encoder, or the name of one such as BAAI/bge-reranker-base, "
                    + "which is downloaded when it is first used (built-in).")
    private @Nullable String reranker;

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
        Config config = ModelOptions.reranker(common.config(), reranker);
        common.print(config, diagnostics);
        if (query.isBlank()) {
            throw new UsageException("the query must not be empty: say what the candidates should answer");
        }
        if (limit != null && limit < 1) {
            throw new UsageException("--limit must be >= 1, got " + limit);
        }
        ModelName named = ModelName.reranker(config.reranker().model());
        if (named instanceof ModelName.None) {
            throw new UsageException("--reranker none leaves nothing to rerank with; take built-in, a folder or a "
                    + "model's name");
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
        try (Scorer scorer = scorers.apply(named, new Downloads(shell, diagnostics))) {
            print(rank(candidates, scorer));
        }
        return ExitCode.FOUND;
    }

    private List<Scored> rank(List<Candidate> candidates, Scorer scorer) {
        List<Scored> ranked = new ArrayList<>();
        for (int from = 0; from < candidates.size(); from += SLICE) {
            List<Candidate> slice = candidates.subList(from, Math.min(from + SLICE, candidates.size()));
            Scores given = scorer.score(ScoreRequest.of(query, slice.stream().map(Candidate::text).toList()));
            for (int i = 0; i < slice.size(); i++) {
                ranked.add(new Scored(slice.get(i), given.logits()[i], given.probabilities().length == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(given.probabilities()[i])));
            }
        }
        ranked.sort(Comparator.comparingDouble(Scored::score).reversed()); // stable: equal ones stay in input order
        return limit == null ? ranked : ranked.subList(0, Math.min(limit, ranked.size()));
    }

    private void print(List<Scored> ranked) {
        int rank = 0;
        for (Scored scored : ranked) {
            rank++;
            boolean object = json || scored.candidate().object().isPresent();
            shell.out().println(object ? scored.json(rank) : scored.line(scores));
            if (rank % 100 == 0 && shell.out().checkError()) {
                return; // nobody reads on
            }
        }
        shell.out().flush();
    }

    private record Scored(Candidate candidate, float score, OptionalDouble probability) {

        String line(boolean withScore) {
            return withScore
                    ? String.format(Locale.ROOT, "%.3f\t%s", probability.orElse(score), candidate.line())
                    : candidate.line();
        }

        String json(int rank) {
            ObjectNode object = candidate.object().map(ObjectNode::deepCopy)
                    .orElseGet(() -> Json.MAPPER.createObjectNode().put("text", candidate.line()));
            object.put("rank", rank).put("score", score);
            if (probability.isPresent()) {
                object.put("probability", (float) probability.getAsDouble());
            } else {
                object.putNull("probability");
            }
            return Json.text(object);
        }
    }
}
