package dev.rerank4j.cli;

import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.EngineActivity;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.server.AccessLog;
import dev.rerank4j.server.ApiKey;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.RerankServer;
import dev.rerank4j.server.ServedEncoder;
import dev.rerank4j.server.ServedIndex;
import dev.rerank4j.server.ServedModel;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank serve}. */
@Command(name = "serve", sortOptions = false,
        description = "Answer over HTTP: the rerank APIs of Cohere, Jina, Voyage, TEI, Pinecone, Mixedbread, vLLM, "
                + "NVIDIA NIM and Infinity on one port, OpenAI's embeddings, an API of its own, and a page to see it "
                + "work.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank serve",
                "      then open http://127.0.0.1:8080/ in a browser",
                "  rerank serve --index .rerank --port 9000",
                "      also searches an index made by 'rerank index', and takes documents",
                "  curl -s localhost:8080/v2/rerank -H 'content-type: application/json' \\",
                "      -d '{\"query\": \"days of leave\", \"documents\": [\"25 days\", \"a desk\"]}'",
                "  RERANK4J_API_KEYS=$(openssl rand -hex 24) rerank serve --host 0.0.0.0",
                "      for other machines: clients send the key as Authorization: Bearer KEY",
                "",
                "SIGTERM or Ctrl-C: it listens no more, lets what runs come to an end, and exits",
                "with 0. docs/dialects.md in the repository says of each API what is exact.",
                "",
                "Exit codes: 0 stopped, 2 wrong usage, 3 an index or model could not be used, or",
                "the port is taken."})
final class ServeCommand implements Callable<Integer> {

    /** Tokens beside a piece: the query and the special ones. */
    private static final int BESIDE_PIECE = 67;

    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private final Shell shell;

    @Option(names = "--port", paramLabel = "N", order = 1, description = "Where to listen (8080); 0 for any free one.")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "HOST", order = 2,
            description = "The address to listen at (127.0.0.1: this machine alone; 0.0.0.0: all).")
    private @Nullable String host;

    @Option(names = "--index", paramLabel = "[NAME=]DIR", order = 3,
            description = "An index to search and to add to; repeatable. If it is not there, the first document makes "
                    + "it.")
    private List<String> indexes = List.of();

    @Option(names = {"--model", "--reranker"}, paramLabel = "MODEL", order = 4,
            description = "The reranker: built-in, none, or a folder with a cross-encoder (built-in).")
    private @Nullable String model;

    @Option(names = "--print-config", order = 5,
            description = "Print the settings in effect as the YAML that --config reads, and stop. There are no "
                    + "secrets in it.")
    private boolean printConfig;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ServeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        shareCores();
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = config();
        if (printConfig) {
            shell.out().print(ConfigFile.text(config));
            shell.out().flush();
            return ExitCode.FOUND;
        }
        common.print(config, diagnostics);
        List<ApiKey> keys = ServerKeys.of(config.server(), shell);
        CountDownLatch stop = new CountDownLatch(1);
        long start = System.nanoTime();
        EngineOptions engine = EngineOptions.defaults();
        try (Models models = Models.load(config.reranker().model(), new EngineOptions(engine.threads(),
                engine.intraOpThreads(), engine.batchTokens(), config.server().queueTokens()));
                OpenIndexes opened = new OpenIndexes();
                Indexer indexer = new Indexer(models, config.index(), diagnostics);
                Interrupt interrupt = Interrupt.listen(() -> {
                    diagnostics.say("stopping: requests that run may finish");
                    stop.countDown();
                })) {
            CompletableFuture<Catalogue> catalogue = new CompletableFuture<>();
            AccessLog log = config.server().accessLog() ? entry -> print(entry, diagnostics) : AccessLog.NONE;
            try (RerankServer server = RerankServer.start(config.server().options(), catalogue, keys, log)) {
                warn(config.server(), keys, diagnostics);
                catalogue.complete(catalogue(models, opened, indexer, config));
                diagnostics.say(String.format(Locale.ROOT, "Rerank4j answers at http://%s:%d/ (ready after %.1f s)",
                        config.server().host().contains(":")
                                ? "[" + config.server().host() + "]"
                                : config.server().host(),
                        server.port(), (System.nanoTime() - start) / 1e9));
                stop.await();
            }
        }
        return ExitCode.FOUND;
    }

    /**
     * Requests are answered on virtual threads. With one carrier for each of few cores, some that compute (cutting long
     * documents, reading JSON) keep all others waiting: a health check was seen to wait for seven seconds on two cores.
     * With more carriers, the system shares the cores out. Read when the first virtual thread starts.
     */
    private static void shareCores() {
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(CARRIERS, String.valueOf(Math.max(16, Runtime.getRuntime().availableProcessors())));
        }
    }

    private Config config() {
        Config file = common.config();
        try {
            return new Config(file.search(), file.index(),
                    file.reranker().withModel(CommonOptions.or(model, file.reranker().model())),
                    file.server().with(host, port, indexes));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    private static void warn(Serving settings, List<ApiKey> keys, Diagnostics diagnostics) {
        boolean loopback = List.of("127.0.0.1", "localhost", "::1").contains(settings.host());
        if (!loopback && keys.isEmpty()) {
            diagnostics.warn("everybody who can reach " + settings.host() + " may search, rerank and change documents: "
                    + "set " + ServerKeys.VARIABLE + ", or server.keys in the configuration");
        }
        if (settings.cors().contains("*") && keys.isEmpty()) {
            diagnostics.warn("server.cors is *: any page in a browser on this machine may call");
        }
    }

    private static void print(AccessLog.Entry entry, Diagnostics diagnostics) {
        diagnostics.say(String.format(Locale.ROOT, "%tFT%<tT.%<tLZ %s %s %s %d %.1fms %dB %s",
                ZonedDateTime.now(ZoneOffset.UTC), entry.id(), entry.method(), entry.route(),
                entry.status(), entry.time().toNanos() / 1e6, entry.bytes(), entry.key()));
    }

    private Catalogue catalogue(Models models, OpenIndexes opened, Indexer indexer, Config config) {
        List<ServedModel> served = new ArrayList<>();
        models.scorer().ifPresent(scorer -> served.add(model(scorer, models)));
        List<ServedIndex> found = new ArrayList<>();
        for (String index : config.server().indexes()) {
            int equals = index.indexOf('=');
            Path folder = Path.of(index.substring(equals + 1));
            String name = equals > 0
                    ? index.substring(0, equals)
                    : found.isEmpty() ? "default" : String.valueOf(folder.getFileName());
            found.add(new ServedLuceneIndex(name, opened.add(indexer.open(folder)), models, config, indexer.chunker()));
        }
        try {
            return new Catalogue(served, Optional.of(new ServedEncoder(models.encoder(), models.encoder().maxLength(),
                    text -> models.encoder().tokenStarts(text).length)), found);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "; name them with --index NAME=DIR", e);
        }
    }

    private static ServedModel model(OnnxScorer scorer, Models models) {
        int size = Math.max(Config.Chunk.LEAST, scorer.maxLength() - BESIDE_PIECE);
        Chunker pieces = Chunker
                .structured(models.encoder()::tokenStarts, size, size / 8);
        return new ServedModel(scorer.spec().name(), scorer, scorer.maxLength(), pieces::cut, () -> {
            EngineActivity activity = scorer.activity();
            return new ServedModel.Load(activity.pendingTokens(), activity.batches(), activity.usefulTokens(),
                    activity.paddedTokens());
        });
    }

    /** Closes the indexes when the server has stopped. */
    private static final class OpenIndexes implements AutoCloseable {

        private final List<LuceneIndex> indexes = new ArrayList<>();

        LuceneIndex add(LuceneIndex index) {
            indexes.add(index);
            return index;
        }

        @Override
        public void close() {
            indexes.forEach(LuceneIndex::close);
        }
    }
}
