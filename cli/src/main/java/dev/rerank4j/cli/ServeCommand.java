package dev.rerank4j.cli;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.server.ApiKey;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.RerankServer;
import java.util.List;
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
                "  rerank serve --index .rerank --index faq=answers --port 9000",
                "      also searches indexes made by 'rerank index', and takes documents",
                "  curl -s localhost:8080/v2/rerank -H 'content-type: application/json' \\",
                "      -d '{\"query\": \"days of leave\", \"documents\": [\"25 days\", \"a desk\"]}'",
                "  RERANK4J_API_KEYS=$(openssl rand -hex 24) rerank serve --host 0.0.0.0",
                "      for other machines: clients send the key as Authorization: Bearer KEY",
                "  rerank serve --reranker jina --index .rerank",
                "      the same on top of a provider's model, its key in JINA_API_KEY",
                "  rerank serve --print-config > rerank4j.yaml",
                "      all settings, to change: limits, timeouts, keys with a tenant's filter",
                "",
                "It is ready when it says 'Rerank4j answers at', and /health/ready is 200. Then",
                "each request is a line on the standard error, without texts; /metrics has more.",
                "",
                "SIGTERM or Ctrl-C: it listens no more, lets what runs come to an end, and exits",
                "with 0; a second time: at once. docs/server.md in the repository tells how to",
                "run it, docs/dialects.md what is exact in each API.",
                "",
                "Exit codes: 0 stopped, 2 wrong usage, 3 an index or model could not be used, or",
                "the port is taken, 130 told twice to stop."})
final class ServeCommand implements Callable<Integer> {

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

    @Mixin
    private ModelOptions models = new ModelOptions();

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
        ServedCatalogue.folders(config); // a mistake is told before anything is loaded
        ServeOutput output = new ServeOutput(shell, diagnostics, config.server(), keys);
        CountDownLatch stop = new CountDownLatch(1);
        Downloads downloads = new Downloads(shell, diagnostics);
        try (Models loaded = Models.load(config, engine(config.server()), downloads);
                Indexer indexer = new Indexer(loaded, config.index(), diagnostics);
                ServedCatalogue served = new ServedCatalogue(loaded, indexer, config, shell);
                Interrupt interrupt = Interrupt.listen(() -> {
                    output.stopping();
                    downloads.stop();
                    stop.countDown();
                })) {
            CompletableFuture<Catalogue> catalogue = new CompletableFuture<>();
            try (RerankServer server = RerankServer.start(config.server().options(), catalogue, keys, output.log())) {
                output.listening(server.port());
                Catalogue opened = served.load();
                catalogue.complete(opened);
                output.ready(opened, served.folders());
                stop.await();
            } catch (InterruptedRun stopped) {
                diagnostics.say(String.valueOf(stopped.getMessage())); // a model was being downloaded
            }
            output.stopped();
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
        Config file = models.over(common.config());
        try {
            return file.with(file.server().with(host, port, indexes));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    private static EngineOptions engine(Serving settings) {
        EngineOptions usual = EngineOptions.defaults();
        return new EngineOptions(usual.threads(), usual.intraOpThreads(), usual.batchTokens(), settings.queueTokens());
    }
}
