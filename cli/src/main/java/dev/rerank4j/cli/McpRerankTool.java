package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.onnx.OnnxScorer;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tool {@code rerank}: the cross-encoder alone, on texts of the caller. */
final class McpRerankTool extends McpTool {

    private final Supplier<OnnxScorer> model;
    private final Duration timeout;

    /**
     * @param model waits for it
     * @param timeout of a call
     */
    McpRerankTool(Supplier<OnnxScorer> model, Duration timeout) {
        super("mcp-rerank.json");
        this.model = model;
        this.timeout = timeout;
    }

    /**
     * What programs are told.
     *
     * @param notes sentences
     * @param results best first
     */
    record Reranked(List<String> notes, List<Result> results) {

        record Result(int index, float score, @Nullable Float probability) {
        }
    }

    @Override
    McpSchema.CallToolResult call(McpArguments arguments) {
        List<String> texts = arguments.texts("texts");
        OnnxScorer scorer = model.get();
        Scores scores = scorer.score(ScoreRequest.of(arguments.text("query"), texts, Deadline.in(timeout)));
        List<Reranked.Result> results = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            results.add(new Reranked.Result(i, scores.logits()[i],
                    scores.probabilities().length == 0 ? null : Float.valueOf(scores.probabilities()[i])));
        }
        results.sort(Comparator.comparingDouble(Reranked.Result::score).reversed()); // stable: equal ones stay
        Integer limit = arguments.integer("limit");
        List<Reranked.Result> best = limit == null ? results : results.subList(0, Math.min(limit, results.size()));
        List<String> notes = scores.cut().isEmpty()
                ? List.of()
                : List.of("of " + scores.cut().cardinality() + (scores.cut().cardinality() == 1 ? " text" : " texts")
                        + " only the beginning was read, because query and text together have more than the "
                        + scorer.maxLength() + " tokens that the model reads");
        return answer(listed(best, texts), notes, new Reranked(notes, best));
    }

    private static String listed(List<Reranked.Result> results, List<String> texts) {
        List<String> blocks = new ArrayList<>();
        for (Reranked.Result result : results) {
            blocks.add("index " + result.index() + (result.probability() == null
                    ? ", score " + String.format(Locale.ROOT, "%.3f", result.score())
                    : ", probability " + String.format(Locale.ROOT, "%.3f", result.probability()))
                    + "\n" + texts.get(result.index()));
        }
        return String.join("\n\n", blocks);
    }
}
