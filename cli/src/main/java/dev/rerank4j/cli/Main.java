package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.SearchRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code rerank}: reads the command line, runs one command, and turns what happened into an exit code and,
 * if it failed, one sentence on the standard error.
 */
@Command(name = "rerank", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Two-stage search on your own documents: BM25 and vectors recall, a cross-encoder reranks. "
                + "Everything runs in this process.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank search --docs handbook \"how many days of leave do I get\"",
                "  rerank index --index .rerank handbook",
                "  rerank search --index .rerank \"how many days of leave do I get\" --explain",
                "  rerank rerank \"waterproof jacket\" < products.txt",
                "  rerank serve --index .rerank",
                "  rerank mcp --index .rerank",
                "",
                "'rerank COMMAND --help' explains a command, with examples.",
                "",
                "In a clone, rerank builds itself at first use and when its sources have",
                "changed; 'mvn -DskipTests -pl cli -am package' does the same. Options for Java",
                "may stand in RERANK4J_JAVA_OPTS."})
public final class Main implements Runnable {

    private static final List<String> START = List.of(
            "Rerank4j finds passages in your documents and puts the best first.",
            "",
            "  rerank search --docs PATH \"query\"           search files and folders at once",
            "  rerank index --index DIR PATH...            keep an index of them, for rerank search --index DIR",
            "  rerank rerank \"query\" < candidates          reorder lines or JSONL",
            "  rerank serve --index DIR                    answer over HTTP, with a page to see it work",
            "  rerank mcp --index DIR                      let assistants search, over the Model Context Protocol",
            "",
            "'rerank --help' tells more.");

    /** The examples are typeset for it. */
    private static final int HELP_COLUMNS = 80;

    private final Shell shell;

    private Main(Shell shell) {
        this.shell = shell;
    }

    /**
     * Runs the command line and ends the process.
     *
     * @param args the words of the command line, without the program's name
     */
    public static void main(String[] args) {
        int code = run(args, Shell.ofProcess());
        System.exit(code);
    }

    /** Runs the command line, with these streams and this environment, and gives the exit code. */
    static int run(String[] args, Shell shell) {
        PrintWriter out = new PrintWriter(shell.out(), true, StandardCharsets.UTF_8);
        CommandLine commands = new CommandLine(new Main(shell))
                .addSubcommand(new SearchCommand(shell))
                .addSubcommand(new IndexCommand(shell))
                .addSubcommand(new CommandLine(new EvalCommand(shell)).addSubcommand(new EvalCompareCommand(shell)))
                .addSubcommand(new TuneCommand(shell))
                .addSubcommand(new CandidatesCommand(shell))
                .addSubcommand(new RerankCommand(shell, Models::scorerAlone))
                .addSubcommand(new ServeCommand(shell))
                .addSubcommand(new McpCommand(shell))
                .addSubcommand(models(args, shell))
                .addSubcommand("completion", new AutoComplete.GenerateCompletion());
        commands
                .registerConverter(Duration.class, Main::duration)
                .registerConverter(SearchRequest.Unit.class, choice(SearchRequest.Unit.class))
                .registerConverter(Config.Retrieval.class, choice(Config.Retrieval.class))
                .registerConverter(Style.When.class, choice(Style.When.class))
                .registerConverter(SearchOutput.Format.class, choice(SearchOutput.Format.class))
                .registerConverter(Config.Prompt.Order.class, choice(Config.Prompt.Order.class))
                .setColorScheme(CommandLine.Help.defaultColorScheme(shell.colourful() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setOut(out)
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((error, unused) -> usage(error, shell))
                .setExecutionExceptionHandler((error, command, unused) -> failed(error, command, shell));
        try {
            return commands.execute(args);
        } catch (OutOfMemoryError e) {
            return said(new Diagnostics(shell.err(), false), e, "not enough memory; give Java more of it, such as with "
                    + "RERANK4J_JAVA_OPTS=-Xmx4g, or less to do at once", ExitCode.FAILED);
        } finally {
            out.flush();
        }
    }

    /** With commands of its own only for who asks for one: reading all their options keeps a search waiting. */
    private static CommandLine models(String[] args, Shell shell) {
        CommandLine models = new CommandLine(new ModelsCommand(shell));
        return args.length == 0 || !Set.of("models", "completion").contains(args[0])
                ? models
                : models.addSubcommand(new ModelsPullCommand(shell)).addSubcommand(new ModelsListCommand(shell))
                        .addSubcommand(new ModelsShowCommand(shell)).addSubcommand(new ModelsVerifyCommand(shell))
                        .addSubcommand(new ModelsRemoveCommand(shell));
    }

    @Override
    public void run() {
        START.forEach(shell.out()::println);
        shell.out().flush();
    }

    private static Duration duration(String text) {
        try {
            return Units.duration(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static <E extends Enum<E>> ITypeConverter<E> choice(Class<E> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new TypeConversionException("must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + ", got \"" + text + "\""));
    }

    private static int usage(ParameterException error, Shell shell) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
            message += "; did you mean " + unmatched.getSuggestions().getFirst() + "?";
        }
        new Diagnostics(shell.err(), false).say("rerank: " + message + " (see "
                + error.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
        return ExitCode.USAGE;
    }

    private static int failed(Exception error, CommandLine command, Shell shell) {
        boolean verbose = Optional.ofNullable(command.getParseResult())
                .map(result -> result.matchedOptionValue("--verbose", false)).orElse(false);
        Diagnostics diagnostics = new Diagnostics(shell.err(), verbose);
        shell.out().flush();
        return switch (error) {
            case UsageException wrong -> said(diagnostics, wrong, String.valueOf(wrong.getMessage()), ExitCode.USAGE);
            case InterruptedRun stopped ->
                said(diagnostics, stopped, String.valueOf(stopped.getMessage()), ExitCode.INTERRUPTED);
            case RerankException failure ->
                said(diagnostics, failure, String.valueOf(failure.getMessage()), ExitCode.of(failure.kind()));
            case IOException failure -> said(diagnostics, failure, Diagnostics.sentence(failure), ExitCode.FAILED);
            case UncheckedIOException failure ->
                said(diagnostics, failure, Diagnostics.sentence(failure.getCause()), ExitCode.FAILED);
            default -> said(diagnostics, error, "unexpected failure (" + Diagnostics.sentence(error)
                    + "); run it again with --verbose and report what it prints", ExitCode.FAILED);
        };
    }

    private static int said(Diagnostics diagnostics, Throwable error, String sentence, int code) {
        diagnostics.error(sentence, error);
        return code;
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"rerank4j " + number()};
        }

        static String number() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
