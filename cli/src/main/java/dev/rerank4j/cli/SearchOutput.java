package dev.rerank4j.cli;

import dev.rerank4j.Context;
import dev.rerank4j.ContextOptions;
import dev.rerank4j.SearchResult;
import dev.rerank4j.server.SearchJson;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say in which form hits are printed. */
final class SearchOutput {

    /** For people, for programs, for language models. */
    enum Format {
        TEXT, JSON, CONTEXT
    }

    @Option(names = "--explain", order = 20, description = "Add each stage's rank and score, and a table of times.")
    private boolean explain;

    @Option(names = "--format", paramLabel = "FORMAT", order = 21,
            description = "text: for people. json: one object. context: numbered passages for the prompt of a language "
                    + "model, neighbours joined, repetitions left out (text).")
    private @Nullable Format format;

    @Option(names = "--json", order = 22, description = "The same as --format json.")
    private boolean json;

    @Option(names = "--context-tokens", paramLabel = "N", order = 23,
            description = "Of --format context: how many tokens at most (2000). They are estimated, rather too many "
                    + "than too few.")
    private @Nullable Integer contextTokens;

    @Option(names = "--context-order", paramLabel = "ORDER", order = 24,
            description = "Of --format context: best first; document by document, as it goes; or ends, with the best "
                    + "at both ends and the worst in the middle, for long prompts (best).")
    private Config.Prompt.@Nullable Order contextOrder;

    @Option(names = "--color", paramLabel = "WHEN", order = 25,
            description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    private Style.When color = Style.When.AUTO;

    /**
     * Before anything is loaded.
     *
     * @throws UsageException if options do not go together
     */
    void check() {
        if (json && format != null && format != Format.JSON) {
            throw new UsageException("--json and --format " + name(format) + " exclude each other");
        }
        if (format() != Format.CONTEXT && (contextTokens != null || contextOrder != null)) {
            throw new UsageException("--context-tokens and --context-order say how a context is made: "
                    + "add --format context");
        }
        if (format() == Format.CONTEXT && explain) {
            throw new UsageException("--explain has no place in --format context: take text or json");
        }
    }

    private Format format() {
        return json ? Format.JSON : CommonOptions.or(format, Format.TEXT);
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The settings with what the options say.
     *
     * @throws IllegalArgumentException beginning with the rest of the option's name, if one is out of range
     */
    Config.Prompt context(Config.Prompt file) {
        if (contextTokens != null && contextTokens < 1) {
            throw new IllegalArgumentException("context-tokens must be >= 1, got " + contextTokens);
        }
        return new Config.Prompt(CommonOptions.or(contextTokens, file.tokens()),
                CommonOptions.or(contextOrder, file.order()), file.nearDuplicate());
    }

    /** Prints a result in the form that is wanted. */
    void print(SearchResult result, String query, Movement movement, Snippet.Words words, Config.Prompt prompt,
            Shell shell, Diagnostics diagnostics) {
        PrintStream out = shell.out();
        switch (format()) {
            case TEXT -> new HitPrinter(out, shell.width(), color.on(shell), explain).print(result, movement, words);
            case JSON -> out.println(Json.text(SearchJson.of(query, result)));
            case CONTEXT -> {
                Context context = Context.of(result.ranking(), prompt.options());
                if (!context.citations().isEmpty()) {
                    out.println(TextLayout.harmless(context.text()));
                }
                omitted(context, prompt.options(), diagnostics);
            }
        }
        out.flush();
    }

    private static void omitted(Context context, ContextOptions options, Diagnostics diagnostics) {
        List<String> reasons = new ArrayList<>();
        for (Context.Omitted.Reason reason : Context.Omitted.Reason.values()) {
            long hits = context.omitted().stream().filter(omitted -> omitted.reason() == reason).count();
            if (hits > 0) {
                reasons.add(Units.count(hits) + switch (reason) {
                    case BUDGET -> " for want of room in " + Units.count(options.tokens()) + " tokens";
                    case NEAR_DUPLICATE -> " that repeated better ones";
                    case BLANK -> " without text";
                });
            }
        }
        if (!reasons.isEmpty()) {
            diagnostics.say("left out of the hits: " + String.join(", ", reasons));
        }
    }
}
