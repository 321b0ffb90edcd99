package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.LanguageDetector;
import dev.rerank4j.ingest.Tokens;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Puts reader, chunker and encoder together and brings an index up to date: for {@code index} and {@code --docs} alike.
 */
final class Indexer implements AutoCloseable {

    /** Changes when the same file would be read or cut differently by a newer version of this program. */
    private static final int FORMAT = 2;

    /** Tokens of the reranker's window that the query and the special tokens take. */
    private static final int BESIDE_PASSAGE = 67;

    /** Tokens of the encoder's window that a prefix and the special tokens take. */
    private static final int BESIDE_TEXT = 8;

    private final Models models;
    private final Config.Indexing config;
    private final Diagnostics diagnostics;
    private final DocumentReader reader = new DocumentReader();
    private final LanguageDetector detector = new LanguageDetector();

    Indexer(Models models, Config.Indexing config, Diagnostics diagnostics) {
        this.models = models;
        this.config = config;
        this.diagnostics = diagnostics;
    }

    /**
     * An index that is there; if it is not, one without texts.
     *
     * @throws UsageException if there is no such language
     */
    LuceneIndex open(Path directory) {
        return open(directory, List.of());
    }

    /**
     * An index that is there, or will be made of these files.
     *
     * @throws UsageException if there is no such language
     */
    LuceneIndex open(Path directory, List<Path> roots) {
        requireEncoder(directory);
        try {
            return LuceneIndex.open(directory, models.encoder(), language(LuceneIndex.language(directory), roots));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    /**
     * The index of an engine elsewhere, that is there or will be made of these files.
     *
     * @param roots none if it must be there
     * @throws UsageException if the configuration does not say where it is, or there is no such language
     */
    TextIndex open(Config config, Config.Retrieval engine, List<Path> roots, Shell shell) {
        try {
            return Engines.open(config, engine, made -> {
                if (roots.isEmpty() && made.isEmpty()) {
                    throw new RerankException(RerankException.Kind.UNAVAILABLE, engine.text() + " has no index there "
                            + "yet: make it with 'rerank index --retriever " + engine.text()
                            + " --config FILE PATH', or correct its name in the configuration");
                }
                return language(made, roots);
            }, models, shell);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    /** What is configured; if nothing is, the language of an index that is there, else that of most of the files. */
    private String language(Optional<String> made, List<Path> roots) {
        return config.language().equals(Config.Indexing.AUTO)
                ? made.orElseGet(() -> LanguageSample.of(roots, reader, detector)
                        .filter(LuceneIndex.languages()::contains).orElse(""))
                : config.language();
    }

    /** Says how to name the encoder that an index was made with; the index itself says only that it is another. */
    private void requireEncoder(Path directory) {
        String loaded = models.encoder().name();
        LuceneIndex.encoder(directory).filter(made -> !made.equals(loaded)).ifPresent(made -> {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "index " + directory
                    + " was made with encoder " + made + ", and not with " + loaded + ": "
                    + EncoderName.option(made, loaded) + ", or make it again in another folder");
        });
    }

    /** Cuts documents as the configuration says, and names their language. */
    Chunker chunker() {
        int size = size();
        int overlap = overlap(size);
        Tokens tokens = models.encoder()::tokenStarts;
        Chunker chunker = switch (config.chunk().by()) {
            case STRUCTURE -> Chunker.structured(tokens, size, overlap);
            case TOKENS -> Chunker.tokens(tokens, size, overlap);
            case SENTENCES -> Chunker.sentences(tokens, size);
        };
        return Chunker.namingLanguages(chunker, detector);
    }

    SyncReport sync(TextIndex index, List<Path> roots, Progress progress, BooleanSupplier stop) {
        int size = size();
        int overlap = overlap(size);
        String settings = String.join("-", "v" + FORMAT, config.chunk().by().toString(), "" + size, "" + overlap);
        return new IndexSync(index, reader, chunker(), diagnostics, progress, stop,
                System::nanoTime).run(roots, settings);
    }

    private int size() {
        Integer size = config.chunk().size();
        return size != null
                ? size
                : size(models.window().orElse(Integer.MAX_VALUE), models.encoder().maxLength());
    }

    /** Tokens of a passage where nobody says, by the windows of the reranker and of the encoder. */
    static int size(int reranker, int encoder) {
        return Math.max(Config.Chunk.LEAST,
                Math.min(Chunker.USUAL_SIZE, Math.min(reranker - BESIDE_PASSAGE, encoder - BESIDE_TEXT)));
    }

    private int overlap(int size) {
        Integer overlap = config.chunk().overlap();
        if (overlap != null && overlap > size / 2) {
            throw new UsageException("index.chunk.overlap must be at most half the size of " + size + ", got "
                    + overlap);
        }
        return overlap != null ? overlap : size / 8;
    }

    /** Ends the process that reads files, if there is one. */
    @Override
    public void close() {
        reader.close();
    }

    /**
     * @throws UsageException if one of them does not exist
     */
    static void requireExisting(List<Path> roots, String what) {
        for (Path root : roots) {
            if (!Files.exists(root)) {
                throw new UsageException(what + " must name files or folders that exist, there is no " + root);
            }
        }
    }
}
