package dev.rerank4j.cli;

import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.KnownItems;
import dev.rerank4j.eval.LanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code eval} and {@code tune} that say what to measure on, and with what. */
final class EvalInput {

    @Option(names = "--data", paramLabel = "DIR", order = 1,
            description = "A judged collection as BEIR has them: corpus.jsonl (or a folder docs with files), "
                    + "queries.jsonl, qrels/test.tsv.")
    private @Nullable Path data;

    @Option(names = "--docs", paramLabel = "PATH", order = 2,
            description = "Your own files and folders; repeatable. With --judgments, --clicks or --generate.")
    private List<Path> docs = List.of();

    @Option(names = "--judgments", paramLabel = "CSV", order = 3,
            description = "Your own judged queries: columns query, document and, if you like, grade. A document is "
                    + "named by id, by its file, or by a sentence of it.")
    private @Nullable Path judgments;

    @Option(names = "--clicks", paramLabel = "CSV", order = 3,
            description = "What people clicked on, instead of judgments or beside them: a line for each search with the "
                    + "columns query, shown and clicked, | between documents. What was clicked is taken for relevant, "
                    + "what stood above a click and was not clicked for not relevant.")
    private @Nullable Path clicks;

    @Option(names = "--topics", paramLabel = "FILE", order = 3,
            description = "Queries in a file of their own: JSON Lines, TREC topics, or id, tab, text; with --qrels.")
    private @Nullable Path topics;

    @Option(names = "--qrels", paramLabel = "FILE", order = 3,
            description = "Judgments of TREC or BEIR: with --docs and --topics, or instead of the collection's.")
    private @Nullable Path qrels;

    @ArgGroup(exclusive = false, order = 4)
    private Making making = new Making();

    /** Queries where nobody has judged anything. */
    static final class Making {

        @Option(names = "--generate", paramLabel = "N", order = 4,
                description = "Where no judgments exist: make N queries of the documents' own titles, headings, first "
                        + "sentences and key phrases. They are easier than people's, for BM25 most of all.")
        private @Nullable Integer wanted;

        @Option(names = "--llm", paramLabel = "URL", order = 4,
                description = "With --generate: let a language model ask, at an OpenAI-compatible or Ollama address. It "
                        + "gets passages to read. Its key, if it wants one, in RERANK4J_LLM_KEY.")
        private @Nullable String llm;

        @Option(names = "--llm-model", paramLabel = "NAME", order = 4, description = "The server's name for it.")
        private @Nullable String llmModel;

        @Option(names = "--save-queries", paramLabel = "DIR", order = 4,
                description = "With --generate: write the queries there, to correct them and use them "
                        + "with --topics and --qrels.")
        private @Nullable Path folder;
    }

    @Option(names = "--index", paramLabel = "DIR", order = 5,
            description = "An index of these documents made by 'rerank index', instead of one in the cache.")
    private @Nullable Path index;

    @Option(names = "--queries", paramLabel = "N", order = 6, description = "Only the first N judged queries.")
    private @Nullable Integer queries;

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Option(names = "--language", paramLabel = "CODE", order = 17,
            description = "Of the texts, for BM25: en, de, fr, ..., or \"\" for none in particular (auto: the index's; "
                    + "the language of most of the texts when it is made).")
    private @Nullable String language;

    @Option(names = "--ignore-language", order = 18,
            description = "Ask every model, also those that do not know the language of the texts.")
    private boolean ignoreLanguage;

    @Mixin
    private SpendingOptions spending = new SpendingOptions();

    @Option(names = "--seed", paramLabel = "N", order = 18,
            description = "Of the random numbers of the statistics (1): the same seed gives the same figures.")
    private long seed = 1;

    long seed() {
        return seed;
    }

    SpendingOptions spending() {
        return spending;
    }

    boolean ignoresLanguage() {
        return ignoreLanguage;
    }

    /** The file's settings with these options over them, for hits that are documents. */
    Config config(Config file) {
        Config config = models.over(file);
        return config.with(config.search().hits(SearchRequest.Unit.DOCUMENT, config.search().limit()))
                .with(config.index().withLanguage(CommonOptions.or(language, config.index().language())));
    }

    /**
     * Where documents, queries and judgments are.
     *
     * @throws UsageException if the options do not name them, or name what is not there
     */
    EvalSource source(Shell shell) {
        spending.check();
        if (docs.isEmpty() == (data == null)) {
            throw new UsageException(data == null
                    ? "say what to measure on: --data DIR for a judged collection, or --docs PATH --judgments CSV for "
                            + "files of yours"
                    : "--data and --docs exclude each other: a judged collection, or files of yours");
        }
        if (queries != null && queries < 1) {
            throw new UsageException("--queries must be >= 1, got " + queries);
        }
        if (index != null && !Files.isDirectory(index)) {
            throw new UsageException("--index must be a folder made by 'rerank index --index DIR PATH', there is no "
                    + index);
        }
        int most = queries == null ? Integer.MAX_VALUE : queries;
        if (data != null) {
            if (judgments != null || clicks != null || making.wanted != null || topics != null) {
                throw new UsageException("--judgments, --clicks, --topics and --generate go with --docs; a collection "
                        + "of --data has queries of its own");
            }
            return EvalCollection.of(data, Optional.ofNullable(qrels), most);
        }
        Indexer.requireExisting(docs, "--docs");
        boolean judged = judgments != null || clicks != null;
        if ((judged ? 1 : 0) + Stream.of(topics, making.wanted).filter(Objects::nonNull).count() != 1
                || (topics == null) != (qrels == null)) {
            throw new UsageException("--docs needs one of --judgments CSV (columns query, document, grade), "
                    + "--clicks CSV (columns query, shown, clicked), --topics FILE --qrels FILE, or --generate N");
        }
        if (topics != null && qrels != null) {
            if (docs.size() > 1) {
                throw new UsageException("--topics and --qrels take a single --docs, whose documents they name");
            }
            return EvalCollection.of(docs.getFirst(), topics, qrels, most);
        }
        return judged
                ? EvalJudgments.of(docs, Optional.ofNullable(judgments), Optional.ofNullable(clicks), most)
                : generated(most, shell);
    }

    private EvalSource generated(int most, Shell shell) {
        int wanted = CommonOptions.or(making.wanted, 0);
        if (wanted < 1 || wanted > KnownItems.MOST) {
            throw new UsageException("--generate must be 1 to " + KnownItems.MOST + ", got " + wanted);
        }
        return new EvalGenerated(docs, Math.min(wanted, most), seed, model(shell), Optional.ofNullable(making.folder));
    }

    private Optional<LanguageModel> model(Shell shell) {
        if (making.llm == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(LanguageModel.at(making.llm, CommonOptions.or(making.llmModel, ""),
                    shell.variable(LanguageModel.KEY_VARIABLE)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--llm: " + e.getMessage(), e);
        }
    }

    @Nullable
    Path index() {
        return index;
    }
}
