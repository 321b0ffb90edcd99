package dev.rerank4j.cli;

import dev.rerank4j.Index;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.EngineActivity;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.ServedCascade;
import dev.rerank4j.server.ServedEncoder;
import dev.rerank4j.server.ServedIndex;
import dev.rerank4j.server.ServedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What {@code rerank serve} serves: opened from the settings, to be closed when the server has stopped. */
final class ServedCatalogue implements AutoCloseable {

    /** Tokens beside a piece: the query and the special ones. */
    private static final int BESIDE_PIECE = 67;

    private static final String FIRST = "default";

    /** What clients call the models of a cascade together. */
    private static final String CASCADE = "cascade";

    private final Models models;
    private final Indexer indexer;
    private final Config config;
    private final Shell shell;
    private final Map<String, Path> folders;
    private final Deque<Index> open = new ConcurrentLinkedDeque<>();

    /**
     * Opens nothing yet.
     *
     * @throws UsageException if two indexes have the same name
     */
    ServedCatalogue(Models models, Indexer indexer, Config config, Shell shell) {
        this.shell = shell;
        this.models = models;
        this.indexer = indexer;
        this.config = config;
        folders = folders(config);
    }

    /** The folders of the indexes by name. */
    Map<String, Path> folders() {
        return Collections.unmodifiableMap(folders);
    }

    /**
     * The folders of indexes by name, in their order; the first one is {@code default} unless it is named. None where an
     * engine is searched.
     *
     * @throws UsageException if two have the same name, or an engine is to be searched, too, or is not configured
     */
    static Map<String, Path> folders(Config config) {
        Config.Retrieval retriever = config.search().retriever();
        Engines.check(config, retriever);
        if (!retriever.isEmbedded() && !config.server().indexes().isEmpty()) {
            throw new UsageException("--index and the retriever " + retriever.text() + " of the configuration exclude "
                    + "each other: serve folders, or what " + retriever.text() + " searches");
        }
        return folders(config.server().indexes());
    }

    private static Map<String, Path> folders(List<String> indexes) {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String index : indexes) {
            int equals = index.indexOf('=');
            Path folder = Path.of(index.substring(equals + 1));
            String name = equals > 0
                    ? index.substring(0, equals)
                    : folders.isEmpty() ? FIRST : String.valueOf(folder.getFileName());
            if (index.substring(equals + 1).isBlank()) {
                throw new UsageException("--index must be a folder, or NAME=DIR, got \"" + index + "\"");
            }
            if (folders.put(name, folder) != null) {
                throw new UsageException("names of indexes must differ, got " + name
                        + " twice; name them with --index NAME=DIR");
            }
        }
        return folders;
    }

    /**
     * Waits for the models and opens the indexes.
     *
     * @throws RuntimeException as what cannot be loaded or opened
     */
    Catalogue load() {
        List<ServedModel> served = new ArrayList<>();
        Set<String> names = new HashSet<>(Set.of(CASCADE));
        for (LoadedReranker reranker : models.rerankers()) {
            served.add(model(reranker, unused(reranker.name(), names), models));
        }
        Chunker chunker = indexer.chunker();
        List<ServedIndex> indexes = new ArrayList<>();
        // By way of the server's metrics.
        List<StageScorer> scorers = IntStream.range(0, served.size())
                .mapToObj(i -> models.scorers().get(i).by(served.get(i).scorer())).toList();
        folders.forEach((name, folder) -> indexes.add(index(name, folder, chunker, scorers)));
        if (!config.search().retriever().isEmbedded()) {
            indexes.add(elsewhere(chunker, scorers));
        }
        return new Catalogue(served, cascade(served),
                Optional.of(new ServedEncoder(models.encoderName(), models.encoder(), models.encoder().maxLength(),
                        text -> models.encoder().tokenStarts(text).length)),
                indexes);
    }

    /** Two folders may have the same name. */
    private static String unused(String name, Set<String> names) {
        String unused = name;
        for (int i = 2; !names.add(unused); i++) {
            unused = name + "-" + i;
        }
        return unused;
    }

    private Optional<ServedCascade> cascade(List<ServedModel> served) {
        List<ServedCascade.Stage> stages = new ArrayList<>();
        for (Reranking.Narrowing stage : config.reranker().cascade()) {
            stages.add(new ServedCascade.Stage(served.get(stages.size()), stage.depth()));
        }
        return stages.isEmpty() ? Optional.empty() : Optional.of(new ServedCascade(CASCADE, stages));
    }

    private ServedIndex index(String name, Path folder, Chunker chunker, List<StageScorer> scorers) {
        LuceneIndex searched = indexer.open(folder);
        open.push(searched);
        // To commit with nothing to write makes it look at what was.
        RestartingIndex written = new RestartingIndex(searched::commit,
                () -> LuceneIndex.open(folder, models.encoder(), searched.language()));
        open.push(written);
        return new ServedTextIndex(name, new EmbeddedIndex(searched), written, models, scorers, config, chunker);
    }

    private ServedIndex elsewhere(Chunker chunker, List<StageScorer> scorers) {
        TextIndex searched = engine();
        RestartingIndex written = new RestartingIndex(() -> {
        }, this::engine); // engines show what is committed by themselves
        open.push(written);
        return new ServedTextIndex(FIRST, searched, written, models, scorers, config, chunker);
    }

    private TextIndex engine() {
        TextIndex opened = indexer.open(config, config.search().retriever(), List.of(), shell);
        open.push(opened);
        return opened;
    }

    private static ServedModel model(LoadedReranker reranker, String name, Models models) {
        return switch (reranker) {
            case LoadedReranker.Local local -> local(local, name, models);
            case LoadedReranker.Remote remote -> remote(remote, name);
        };
    }

    private static ServedModel remote(LoadedReranker.Remote reranker, String name) {
        return ServedModel.remote(name, reranker.stage().scorer(), reranker.window().orElse(Integer.MAX_VALUE),
                new ServedModel.Remote(reranker.named().provider(), () -> {
                    RemoteUse.Total total = reranker.use().total();
                    return new ServedModel.Calls(total.calls(), total.failed(), total.time(),
                            total.usage().inputTokens().orElse(0), total.usage().outputTokens().orElse(0),
                            total.usage().billedUnits().orElse(0));
                }));
    }

    private static ServedModel local(LoadedReranker.Local reranker, String name, Models models) {
        OnnxScorer scorer = reranker.scorer();
        int size = Math.max(Config.Chunk.LEAST, scorer.maxLength() - BESIDE_PIECE);
        Chunker pieces = Chunker.structured(models.encoder()::tokenStarts, size, size / 8);
        return new ServedModel(name, scorer, scorer.maxLength(), pieces::cut, () -> {
            EngineActivity activity = scorer.activity();
            return new ServedModel.Load(activity.pendingTokens(), activity.batches(), activity.usefulTokens(),
                    activity.paddedTokens());
        }, reranker.origin());
    }

    /** Closes the indexes, last opened first. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
