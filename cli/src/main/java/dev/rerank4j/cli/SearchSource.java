package dev.rerank4j.cli;

import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options that say what is searched: files and folders, or an index made of them. With an engine as the first stage, the
 * configuration says it.
 */
final class SearchSource {

    @Option(names = "--docs", paramLabel = "PATH", order = 1,
            description = "A file or folder to search; repeatable. It is indexed in the cache folder, by content.")
    private List<Path> docs = List.of();

    @Option(names = "--index", paramLabel = "DIR", order = 2, description = "An index made by 'rerank index'.")
    private @Nullable Path index;

    /**
     * Before anything is loaded.
     *
     * @throws UsageException if it is neither or both, or not there
     */
    void check(Config config) {
        Config.Retrieval retriever = config.search().retriever();
        if (!retriever.isEmbedded()) {
            Engines.check(config, retriever);
            if (!docs.isEmpty() || index != null) {
                throw new UsageException((index == null ? "--docs" : "--index") + " and --retriever " + retriever.text()
                        + " exclude each other: the configuration says what " + retriever.text()
                        + " searches; for files and folders take --retriever bm25, vector or hybrid");
            }
            return;
        }
        if (docs.isEmpty() == (index == null)) {
            throw new UsageException(index == null
                    ? "say what to search: --docs PATH for files and folders, or --index DIR for an index; or, with "
                            + "--retriever opensearch or postgres, what the configuration names"
                    : "--docs and --index exclude each other: search files, or an index made of them");
        }
        Indexer.requireExisting(docs, "--docs");
        if (index != null && !Files.exists(index)) {
            throw new UsageException("--index must be a folder made by 'rerank index --index DIR PATH', there is no "
                    + index);
        }
    }

    /** Whether it is files, which take a while when they are new. */
    boolean isFiles() {
        return !docs.isEmpty();
    }

    /**
     * Opens the index, after bringing that of files up to date.
     *
     * @param stop whether somebody wants that to end; what is indexed so far is kept
     * @throws InterruptedRun if it was ended
     */
    TextIndex open(Models models, Config config, Shell shell, Diagnostics diagnostics, BooleanSupplier stop) {
        try (Indexer indexer = new Indexer(models, config.index(), diagnostics)) {
            Config.Retrieval retriever = config.search().retriever();
            if (!retriever.isEmbedded()) {
                return indexer.open(config, retriever, List.of(), shell);
            }
            return new EmbeddedIndex(index == null
                    ? sync(indexer, models, config, shell, diagnostics, stop)
                    : indexer.open(index));
        }
    }

    private LuceneIndex sync(Indexer indexer, Models models, Config config, Shell shell, Diagnostics diagnostics,
            BooleanSupplier stop) {
        DocsIndex cached = new DocsIndex(DocsIndex.writableCache(shell, diagnostics), docs, models.encoder().name(),
                config.index().language(), indexer, diagnostics);
        DocsIndex.Synced synced = cached.open(Progress.on(shell, diagnostics), stop);
        if (synced.report().stopped()) {
            synced.index().close();
            throw new InterruptedRun(
                    "interrupted; what is indexed so far is kept, and the next search goes on from there");
        }
        if (diagnostics.verbose()) {
            diagnostics.say(synced.report().summary());
        }
        return synced.index();
    }
}
