package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rerank search}. */
@Command(name = "search", sortOptions = false,
        description = "Find the passages that answer a query: BM25 and vectors find candidates, a cross-encoder that "
                + "runs in this process puts the best first.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank search --docs handbook \"how many days of leave do I get\"",
                "      reads and indexes the folder, then searches; the index is kept in the",
                "      cache, so the second search is fast",
                "  rerank search --docs notes.md --docs papers \"caffeine and sleep\" --explain",
                "      with every stage's rank and score, and where the time went",
                "  rerank search --index .rerank \"running shoes\" \\",
                "      --filter category=shoes --filter \"price<100\"",
                "      the best within a category, of an index made by 'rerank index'",
                "  rerank search --index .rerank \"login fails\" --unit document --json \\",
                "      | jq -r .hits[].document",
                "  rerank search --index .rerank \"who pays the dentist\" --min-probability 0.5 \\",
                "      || echo \"nobody says\"",
                "  rerank search --docs handbook --reranker cohere \"days of leave\" --explain",
                "      reranked by a provider, its key in COHERE_API_KEY",
                "  rerank search --docs handbook --format context \"can I carry over leave\" \\",
                "      | llm \"Can I carry over leave? Answer from the passages, cite them as [1]\"",
                "      numbered passages for a language model's prompt, within 2000 tokens",
                "  rerank search --retriever opensearch --config my.yaml \"paid leave\"",
                "      candidates from a cluster that the file names, the cross-encoder here;",
                "      also postgres and elasticsearch",
                "",
                "What is printed: rank; movement against the first stage alone (▲3, ▼1, =, or",
                "new for what the first stage alone would not have shown); the probability that",
                "the passage answers, as the model sees it; title and headings; the lines around",
                "the best match; file and page.",
                "",
                "Exit codes: 0 found, 1 nothing found, or nothing probable enough, 2 wrong",
                "usage, 3 a file, index or model could not be used, 130 interrupted."})
final class SearchCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "QUERY",
            description = "What you look for: a question, keywords, a claim. Plain text, no syntax.")
    private String query = "";

    @Mixin
    private SearchSource source = new SearchSource();

    @Option(names = "--limit", paramLabel = "N", order = 10, description = "How many hits at most (10).")
    private @Nullable Integer limit;

    @Option(names = "--depth", paramLabel = "N", order = 11,
            description = "How many candidates are reranked (50): more finds more and takes longer.")
    private @Nullable Integer depth;

    @Option(names = "--filter", paramLabel = "CONDITION", order = 12,
            description = "Only documents whose metadata satisfy it; repeatable, all must hold. A field, one of "
                    + "= != < <= > >= ~ (contains), and a value: category=shoes, price<100, date>=2024-01-31.")
    private List<String> filters = List.of();

    @Option(names = "--min-probability", paramLabel = "P", order = 13,
            description = "Only hits whose probability is at least P, 0 to 1 (none): with nothing relevant, nothing is "
                    + "shown and the exit code is 1.")
    private @Nullable Double minProbability;

    @Option(names = "--unit", paramLabel = "UNIT", order = 14,
            description = "passage: several of one document may be hits. document: its best passage stands for it.")
    private SearchRequest.@Nullable Unit unit;

    @Option(names = "--timeout", paramLabel = "TIME", order = 15,
            description = "How long the search may take, such as 200ms or 2s (30s), not counting indexing and loading. "
                    + "What is late is left out, and said so.")
    private @Nullable Duration timeout;

    @Option(names = "--retriever", paramLabel = "KIND", order = 16,
            description = "The first stage: bm25, vector, or hybrid, which is both (hybrid); or opensearch, elasticsearch or "
                    + "postgres, where the configuration says that it is.")
    private Config.@Nullable Retrieval retriever;

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Option(names = "--language", paramLabel = "CODE", order = 18,
            description = "Of the texts, for BM25: en, de, fr, ..., or \"\" for none in particular (auto: the index's; "
                    + "the language of most of the texts when it is made).")
    private @Nullable String language;

    @Option(names = "--ignore-language", order = 19,
            description = "Ask every model, also those that do not know the language of the texts.")
    private boolean ignoreLanguage;

    @Mixin
    private SearchOutput output = new SearchOutput();

    @Mixin
    private CommonOptions common = new CommonOptions();

    SearchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = config();
        common.print(config, diagnostics);
        check(config);
        Downloads downloads = new Downloads(shell, diagnostics);
        try (Models loaded = Models.load(config, downloads);
                TextIndex opened = open(loaded, config, downloads, diagnostics)) {
            Filter filter = opened.filter(filters);
            Config.Search settings = config.search();
            SearchRequest request = new SearchRequest(new Query(query, filter), settings.unit(), settings.limit(),
                    config.depth(), settings.timeout());
            return search(request, opened, loaded, config, diagnostics);
        }
    }

    private Config config() {
        Config file = models.over(common.config());
        Config.Search search = file.search();
        try {
            int wanted = CommonOptions.or(limit, search.limit());
            Integer deep = depth != null
                    ? depth
                    // The file's depth is not this command line's mistake.
                    : search.depth() == null ? null : Integer.valueOf(Math.max(wanted, search.depth()));
            return file.with(
                    new Config.Search(wanted, deep,
                            minProbability == null ? search.minProbability() : minProbability,
                            CommonOptions.or(unit, search.unit()),
                            CommonOptions.or(timeout, search.timeout()),
                            CommonOptions.or(retriever, search.retriever()),
                            search.fusion()))
                    .with(file.index().withLanguage(CommonOptions.or(language, file.index().language())))
                    .with(output.context(file.context()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    private void check(Config config) {
        output.check();
        if (query.isBlank()) {
            throw new UsageException("the query must not be empty: say what you look for");
        }
        source.check(config);
        if (config.search().minProbability() != null && config.reranker().models().isEmpty()) {
            throw new UsageException("--min-probability needs a reranker that gives probabilities, and --reranker is "
                    + "none: take built-in, a folder or a model's name");
        }
    }

    private TextIndex open(Models loaded, Config config, Downloads downloads, Diagnostics diagnostics) {
        if (!source.isFiles()) {
            return source.open(loaded, config, shell, diagnostics, () -> false);
        }
        try (Interrupt interrupt = Interrupt.listen(() -> {
            diagnostics.say("stopping");
            downloads.stop();
        })) {
            return source.open(loaded, config, shell, diagnostics, interrupt);
        }
    }

    private int search(SearchRequest request, TextIndex opened, Models loaded, Config config,
            Diagnostics diagnostics) {
        Applicability applicability = ignoreLanguage
                ? Applicability.ALWAYS
                : LanguageCheck.of(opened, loaded, config.search().retriever());
        IndexSearch.Found found = new IndexSearch(opened, config.search(), config.reranker(), loaded.scorers(),
                config.search().minProbability()).run(request, applicability);
        SearchResult result = found.checked();
        Movement movement = found.second().map(stage -> stage.movement(request.unit(), request.limit()))
                .orElse(Movement.NONE);
        output.print(result, query, movement, text -> opened.matches(query, text), config.context(), shell,
                diagnostics);
        report(result, found.relevant(), opened, diagnostics);
        return result.ranking().isEmpty() ? ExitCode.NOTHING : ExitCode.FOUND;
    }

    private void report(SearchResult result, Optional<RelevantOnly> relevant, TextIndex opened,
            Diagnostics diagnostics) {
        if (result.degraded()) {
            diagnostics.warn("this answer is not the best there is: " + String.join("; ", result.stages().stream()
                    .filter(StageReport.Failed.class::isInstance).map(StageReport.Failed.class::cast)
                    .map(failed -> failed.stage() + " " + failed.reason()).toList()));
        }
        for (StageReport stage : result.stages()) {
            if (stage instanceof StageReport.Skipped skipped) {
                diagnostics.say(skipped.stage() + " was skipped: " + skipped.reason());
            }
        }
        if (result.ranking().isEmpty()) {
            diagnostics.say(relevant.filter(RelevantOnly::keptNothing).map(RelevantOnly::sentence)
                    .orElseGet(() -> nothingFound(opened)));
        }
    }

    private String nothingFound(TextIndex opened) {
        if (opened.count(Filter.NONE) == 0) {
            return "nothing found: the index is empty";
        }
        return filters.isEmpty() ? "nothing found" : "nothing found that satisfies --filter";
    }
}
