package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Citation;
import dev.rerank4j.Context;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.server.SearchJson;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tool {@code search}: what {@code rerank search --format context} does. */
final class McpSearchTool extends McpTool {

    private final Supplier<Searched> searched;
    private final Config config;

    /**
     * What is searched.
     *
     * @param applicability which stages apply
     * @param scorers of the second stage; empty if there is none
     * @param window how many tokens all of them read of which it is known
     */
    record Searched(TextIndex index, Applicability applicability, List<StageScorer> scorers, OptionalInt window) {
    }

    /**
     * @param searched waits for it
     */
    McpSearchTool(Supplier<Searched> searched, Config config) {
        super("mcp-search.json");
        this.searched = searched;
        this.config = config;
    }

    /**
     * What programs are told.
     *
     * @param degraded whether a stage failed
     * @param notes sentences
     * @param hits best first
     */
    record Found(boolean degraded, List<String> notes, List<FoundHit> hits) {

        record FoundHit(int rank, @Nullable Integer citation, String id, String document, String uri, String title,
                String text, double score, @Nullable Double probability, SearchJson.LocationJson location,
                Map<String, Object> metadata) {
        }
    }

    @Override
    McpSchema.CallToolResult call(McpArguments arguments) {
        Config.Search settings = config.search();
        int limit = CommonOptions.or(arguments.integer("limit"), settings.limit());
        int depth = CommonOptions.or(arguments.integer("depth"), Math.max(limit, config.depth()));
        if (depth < limit) {
            throw new UsageException("depth must be at least limit, which is " + limit + ", got " + depth);
        }
        SearchRequest.Unit unit = arguments.choice("unit")
                .map(name -> SearchRequest.Unit.valueOf(name.toUpperCase(Locale.ROOT))).orElse(settings.unit());
        Config.Prompt prompt = new Config.Prompt(
                CommonOptions.or(arguments.integer("context_tokens"), config.context().tokens()),
                arguments.choice("context_order")
                        .map(name -> Config.Prompt.Order.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(config.context().order()),
                config.context().nearDuplicate());
        Double given = arguments.number("min_probability");
        Double least = given == null ? settings.minProbability() : given;
        Searched texts = searched.get();
        if (least != null && texts.scorers().isEmpty()) {
            throw new UsageException("min_probability needs a reranker, and this server has none: leave it out");
        }
        Filter filter = texts.index().filter(arguments.texts("filter"));
        SearchRequest request = new SearchRequest(new Query(arguments.text("query"), filter), unit, limit, depth,
                settings.timeout());
        IndexSearch.Found found = new IndexSearch(texts.index(), settings, config.reranker(), texts.scorers(),
                least).run(request, texts.applicability());
        SearchResult result = found.checked();
        Context context = Context.of(result.ranking(), prompt.options());
        List<String> notes = notes(found, result, context, prompt);
        return answer(result.ranking().isEmpty() ? nothing(found, filter) : context.text(), notes,
                new Found(result.degraded(), notes, hits(result, context)));
    }

    private static String nothing(IndexSearch.Found found, Filter filter) {
        return found.relevant().filter(RelevantOnly::keptNothing)
                .map(relevant -> McpService.asArguments(relevant.sentence()))
                .orElse(filter.equals(Filter.NONE)
                        ? "Nothing was found."
                        : "Nothing was found that passes the filter.");
    }

    private static List<String> notes(IndexSearch.Found found, SearchResult result, Context context,
            Config.Prompt prompt) {
        List<String> notes = new ArrayList<>();
        for (StageReport stage : result.stages()) {
            switch (stage) {
                case StageReport.Failed failed -> notes.add("this answer is degraded, better passages may be missing: "
                        + failed.stage() + " " + failed.reason());
                case StageReport.Skipped skipped -> notes.add(skipped.stage() + " was skipped: " + skipped.reason());
                case StageReport.Completed completed -> {
                }
            }
        }
        long noRoom = context.omitted().stream()
                .filter(omitted -> omitted.reason() == Context.Omitted.Reason.BUDGET).count();
        if (noRoom > 0) {
            notes.add("there was no room for " + noRoom + (noRoom == 1 ? " more hit in " : " more hits in ")
                    + Units.count(prompt.tokens()) + " tokens: ask for more context_tokens to read them");
        }
        return notes;
    }

    private static List<Found.FoundHit> hits(SearchResult result, Context context) {
        Map<String, Integer> citations = new HashMap<>();
        for (Citation citation : context.citations()) {
            citation.hits().forEach(hit -> citations.put(hit.passage().id(), citation.number()));
        }
        return SearchJson.of("", result).hits().stream()
                .map(hit -> new Found.FoundHit(hit.rank(), citations.get(hit.id()), hit.id(), hit.document(),
                        McpDocuments.uri(hit.document()), hit.title(), hit.text(), hit.score(), hit.probability(),
                        hit.location(), hit.metadata()))
                .toList();
    }
}
