package dev.rerank4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rerank index}. */
@Command(name = "index", sortOptions = false,
        description = "Make an index of files and folders, or bring it up to date: what is new or changed is added, "
                + "what is gone from these paths is removed, the rest is left alone.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank index --index .rerank handbook tickets.jsonl",
                "      makes the index, or updates it; run it again whenever files change",
                "  rerank index --index .rerank products.jsonl",
                "      adds to it; what was indexed from other paths stays",
                "  rerank index --retriever postgres --config my.yaml handbook",
                "      loads them into the database that the file names",
                "",
                "Files: txt, md, html, pdf, docx, pptx, xlsx, csv, and jsonl with a document a",
                "line (id or _id, title, text; all else is metadata for --filter). They are",
                "known by the name you type, so type it the same way again. A file that cannot",
                "be read is a warning, and the rest goes on.",
                "",
                "Ctrl-C stops after the current batch and keeps what is done; running the same",
                "again goes on from there.",
                "",
                "Exit codes: 0 done, 2 wrong usage, 3 a file, index or model could not be used,",
                "130 interrupted."})
final class IndexCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files and folders.")
    private List<Path> paths = List.of();

    @Option(names = "--index", paramLabel = "DIR", order = 1, description = "The folder of the index.")
    private @Nullable Path index;

    @Option(names = "--retriever", paramLabel = "ENGINE", order = 2,
            description = "Instead of a folder: opensearch, elasticsearch or postgres, where the configuration says "
                    + "that it is.")
    private Config.@Nullable Retrieval engine;

    @Option(names = "--language", paramLabel = "CODE", order = 3,
            description = "Of the texts, for BM25: en, de, fr, ..., or \"\" for none in particular (auto: the language "
                    + "of most of them when the index is made).")
    private @Nullable String language;

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    IndexCommand(Shell shell) {
        this.shell = shell;
    }

    /**
     * Where to: a folder, or an engine of the configuration.
     *
     * @throws UsageException if it is neither or both
     */
    private Optional<Config.Retrieval> engine(Config config) {
        if (index != null && engine != null) {
            throw new UsageException("--index and --retriever exclude each other: a folder, or what the configuration "
                    + "names");
        }
        Config.Retrieval retriever = config.search().retriever();
        if (index == null && retriever.isEmbedded()) {
            throw new UsageException("say where to: --index DIR for a folder, or --retriever opensearch, elasticsearch "
                    + "or postgres for what the configuration names");
        }
        return index == null ? Optional.of(retriever) : Optional.empty();
    }

    private TextIndex open(Indexer indexer, Config config) {
        return index != null
                ? new EmbeddedIndex(indexer.open(index, paths))
                : indexer.open(config, config.search().retriever(), paths, shell);
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config file = models.over(common.config());
        Config config = file.with(file.index().withLanguage(CommonOptions.or(language, file.index().language())))
                .with(file.search().first(CommonOptions.or(engine, file.search().retriever()), file.search().fusion()));
        common.print(config, diagnostics);
        Optional<Config.Retrieval> target = engine(config);
        target.ifPresent(known -> Engines.check(config, known));
        Indexer.requireExisting(paths, "rerank index");
        Downloads downloads = new Downloads(shell, diagnostics);
        try (Models loaded = Models.load(config, downloads);
                Interrupt interrupt = Interrupt.listen(() -> {
                    diagnostics.say("stopping after this batch");
                    downloads.stop();
                })) {
            try (Indexer indexer = new Indexer(loaded, config.index(), diagnostics);
                    TextIndex opened = open(indexer, config)) {
                SyncReport report = indexer.sync(opened, paths, Progress.on(shell, diagnostics), interrupt);
                shell.out().println(report.summary());
                shell.out().println(TextLanguages.of(opened).summary(opened.language()));
                if (report.stopped()) {
                    throw new InterruptedRun(
                            "interrupted; what is committed is kept, and running this again goes on from there");
                }
                return ExitCode.FOUND;
            }
        }
    }
}
