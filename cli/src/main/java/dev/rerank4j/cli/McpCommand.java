package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.RerankException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank mcp}. */
@Command(name = "mcp", sortOptions = false,
        description = "Let assistants search your documents: a Model Context Protocol server on the standard input and "
                + "output, for assistants in editors and chat programs to start.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank mcp --index .rerank",
                "      an index made by 'rerank index', which may go on being changed",
                "  rerank mcp --docs /home/me/handbook --docs /home/me/notes.md",
                "      files and folders, read when the server starts",
                "",
                "People do not start it, their assistants do. Most of them take this into their",
                "configuration (in many a file called mcp.json), with",
                "paths in full, because they start it in a folder of their own:",
                "",
                "  {\"mcpServers\": {\"handbook\": {",
                "    \"command\": \"/opt/rerank4j/bin/rerank\",",
                "    \"args\": [\"mcp\", \"--index\", \"/home/me/.rerank\"]}}}",
                "",
                "Some call the same \"servers\".",
                "",
                "Tools: search (passages for a question, numbered to be cited) and rerank (texts",
                "of the assistant's own). Each document is a resource. Everything else it says",
                "goes to the standard error. It ends when its input does, or with SIGTERM.",
                "docs/mcp.md in the repository tells the arguments and limits.",
                "",
                "Exit codes: 0 stopped, 2 wrong usage, 3 an index or model could not be used."})
final class McpCommand implements Callable<Integer> {

    /** For what still runs when the client has gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Shell shell;
    private final CompletableFuture<McpSearchTool.Searched> searched = new CompletableFuture<>();

    @Mixin
    private SearchSource source = new SearchSource();

    @Option(names = "--retriever", paramLabel = "KIND", order = 16,
            description = "The first stage: bm25, vector, or hybrid, which is both (hybrid).")
    private Config.@Nullable Retrieval retriever;

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Option(names = "--ignore-language", order = 19,
            description = "Ask every model, also those that do not know the language of the texts.")
    private boolean ignoreLanguage;

    @Mixin
    private CommonOptions common = new CommonOptions();

    McpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Diagnostics diagnostics = common.diagnostics(shell);
        Config config = config();
        common.print(config, diagnostics);
        source.check(config);
        PrintStream usual = System.out;
        System.setOut(System.err); // whatever a library prints must not stand between messages
        try {
            return serve(config, diagnostics);
        } finally {
            System.setOut(usual);
        }
    }

    private int serve(Config config, Diagnostics diagnostics) throws InterruptedException {
        try (McpService service = new McpService(tools(config), new McpDocuments(() -> await().index()),
                Main.Version.number(), diagnostics)) {
            McpLink link = new McpLink(shell.in(), shell.out(), service::session);
            try (Interrupt interrupt = Interrupt.listen(link::stop)) {
                link.start(); // before the models are there: clients do not wait long for a greeting
                try (Models loaded = Models.load(config,
                        new Downloads(shell, diagnostics, link::stopped));
                        TextIndex index = source.open(loaded, config, shell, diagnostics, link::stopped)) {
                    searched.complete(searched(index, loaded, config));
                    if (diagnostics.verbose()) {
                        diagnostics.say("ready: " + Units.count(index.documentCount()) + " documents");
                    }
                    link.awaitEnd();
                    link.finish(interrupt.getAsBoolean() ? Duration.ZERO : PATIENCE);
                } catch (InterruptedRun stopped) {
                    link.finish(Duration.ZERO);
                }
            }
        }
        return ExitCode.FOUND;
    }

    private Config config() {
        Config file = models.over(common.config());
        return file.with(file.search().first(CommonOptions.or(retriever, file.search().retriever()),
                file.search().fusion()));
    }

    private List<McpTool> tools(Config config) {
        List<McpTool> tools = new ArrayList<>();
        tools.add(new McpSearchTool(this::await, config));
        if (!config.reranker().models().isEmpty()) {
            tools.add(new McpRerankTool(this::await, config.reranker(), config.search().timeout()));
        }
        return tools;
    }

    private McpSearchTool.Searched searched(TextIndex index, Models loaded, Config config) {
        return new McpSearchTool.Searched(index, ignoreLanguage
                ? Applicability.ALWAYS
                : LanguageCheck.of(index, loaded, config.search().retriever()), loaded.scorers(), loaded.window());
    }

    /** Waits until models and index are there; if they cannot be had, the process ends. */
    private McpSearchTool.Searched await() {
        try {
            return searched.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "the call was cancelled", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
