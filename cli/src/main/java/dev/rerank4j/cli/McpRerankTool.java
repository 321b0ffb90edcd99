package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.Scorer;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tool {@code rerank}: the cross-encoder alone, on texts of the caller. */
final class McpRerankTool extends McpTool {

    private final Supplier<McpSearchTool.Searched> searched;
    private final Reranking settings;
    private final Duration timeout;

    /**
     * @param searched waits for the models
     * @param settings how many texts each reads
     * @param timeout of a call
     */
    McpRerankTool(Supplier<McpSearchTool.Searched> searched, Reranking settings, Duration timeout) {
        super("mcp-rerank.json");
        this.searched = searched;
        this.settings = settings;
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
        McpSearchTool.Searched models = searched.get();
        List<String> notes = new ArrayList<>();
        TextOrder order = order(arguments.text("query"), texts,
                models.scorers().stream().map(StageScorer::scorer).toList(), notes);
        List<Reranked.Result> results = order.read().stream().map(read -> new Reranked.Result(read.index(),
                read.score(), read.probability().isPresent()
                        ? Float.valueOf((float) read.probability().getAsDouble())
                        : null))
                .toList();
        Integer limit = arguments.integer("limit");
        List<Reranked.Result> best = limit == null ? results : results.subList(0, Math.min(limit, results.size()));
        long cut = order.read().stream().filter(TextOrder.Read::cut).count();
        if (cut > 0) {
            notes.add("of " + cut + (cut == 1 ? " text" : " texts")
                    + " only the beginning was read, because query and text together have more "
                    + (models.window().isPresent()
                            ? "than the " + models.window().getAsInt() + " tokens that the model reads"
                            : "tokens than the model reads"));
        }
        return answer(listed(best, texts), notes, new Reranked(notes, best));
    }

    /** The order of the first model is needed, that of a later one only better than what there is. */
    private TextOrder order(String query, List<String> texts, List<Scorer> scorers, List<String> notes) {
        Deadline deadline = Deadline.in(timeout);
        TextOrder order = TextOrder.of(query, texts, scorers.getFirst(), deadline);
        for (int i = 1; i < scorers.size(); i++) {
            try {
                order = order.narrowed(settings.stages().get(i).depth(), scorers.get(i), i + 1, deadline);
            } catch (RerankException e) {
                notes.add("this order is degraded, a better one is possible: " + scorers.get(i).name() + " failed: "
                        + e.getMessage());
            }
        }
        return order;
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
