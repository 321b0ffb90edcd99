package dev.rerank4j.cli;

import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.ReportHtml;
import dev.rerank4j.eval.ReportJson;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where a report goes. */
final class EvalOutput {

    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write all figures as JSON; - for the standard output, which then has nothing else.")
    private @Nullable String json;

    @Option(names = "--html", paramLabel = "FILE", order = 21,
            description = "Write a page with plots, and the queries that changed most with their texts.")
    private @Nullable Path html;

    @Option(names = "--color", paramLabel = "WHEN", order = 23,
            description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    private Style.When color = Style.When.AUTO;

    /**
     * Before anything is computed.
     *
     * @throws UsageException if results could not be written where they shall go
     */
    void check() {
        if (json != null && !json.equals(STANDARD_OUTPUT)) {
            requireWritable(Path.of(json), "--json");
        }
        if (html != null) {
            requireWritable(html, "--html");
        }
    }

    private static void requireWritable(Path file, String option) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new UsageException(option + " must name a file in a folder that exists, there is no " + folder);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(option + " must name a file, " + file + " is a folder");
        }
    }

    /** Notes as warnings, the table, and the files that are wanted. */
    void write(Report report, Shell shell, Diagnostics diagnostics) {
        report.notes().forEach(diagnostics::warn);
        if (!STANDARD_OUTPUT.equals(json)) {
            new EvalTable(shell.out(), shell.width(), color.on(shell)).print(report);
        }
        shell.out().flush();
        if (json != null) {
            write(json, shell, out -> ReportJson.write(report, out));
        }
        if (html != null) {
            write(html.toString(), shell, out -> ReportHtml.write(report, out));
        }
    }

    private static void write(String target, Shell shell, Writing writing) {
        try {
            if (target.equals(STANDARD_OUTPUT)) {
                Writer out = new OutputStreamWriter(shell.out(), StandardCharsets.UTF_8);
                writing.to(out);
                out.flush();
            } else {
                try (Writer out = Files.newBufferedWriter(Path.of(target))) {
                    writing.to(out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void to(Writer out) throws IOException;
    }
}
