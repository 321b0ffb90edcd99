package dev.rerank4j.cli;

import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code eval} that say where the results go. */
final class EvalOutput {

    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write all figures as JSON; - for the standard output, which then has nothing else.")
    private @Nullable String json;

    @Option(names = "--html", paramLabel = "FILE", order = 21,
            description = "Write a page with plots, and the queries that changed most with their texts.")
    private @Nullable Path html;

    @Option(names = "--run", paramLabel = "PATH", order = 22,
            description = "Write TREC run files: the file, or, if there are several systems, NAME.run in this folder.")
    private @Nullable Path run;

    @Option(names = "--color", paramLabel = "WHEN", order = 23,
            description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    private Style.When color = Style.When.AUTO;

    private int systems;

    /**
     * Before anything is computed.
     *
     * @throws UsageException if results could not be written where they shall go
     */
    void check(int count) {
        systems = count;
        if (json != null && !json.equals(STANDARD_OUTPUT)) {
            requireParent(Path.of(json), "--json");
        }
        if (html != null) {
            requireParent(html, "--html");
        }
        if (run != null) {
            if (systems > 1 && Files.isRegularFile(run)) {
                throw new UsageException("--run must be a folder where there are several systems, " + run
                        + " is a file");
            }
            requireParent(run, "--run");
        }
    }

    private static void requireParent(Path file, String option) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new UsageException(option + " must name a file in a folder that exists, there is no " + folder);
        }
        if (!option.equals("--run") && Files.isDirectory(file)) {
            throw new UsageException(option + " must name a file, " + file + " is a folder");
        }
    }

    void writeRuns(List<Run> runs) {
        if (run == null) {
            return;
        }
        try {
            if (runs.size() == 1 && !Files.isDirectory(run)) {
                runs.getFirst().write(run);
                return;
            }
            Files.createDirectories(run);
            for (Run each : runs) {
                each.write(run.resolve(each.name() + ".run"));
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--run: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Report report, Shell shell) {
        if (!STANDARD_OUTPUT.equals(json)) {
            new EvalTable(shell.out(), shell.width(), color.on(shell)).print(report);
        }
        shell.out().flush();
    }
}
