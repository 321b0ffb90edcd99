package dev.rerank4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say how much may be asked of providers that are paid: nothing is spent that nobody has allowed. */
final class SpendingOptions {

    /** Longer answers are none. */
    private static final int LINE = 64;

    @Option(names = "--yes", order = 19, description = "Ask providers that are paid without asking you first.")
    private boolean yes;

    @Option(names = "--max-calls", paramLabel = "N", order = 19,
            description = "Call providers that are paid N times at most, without asking you first: if it would take "
                    + "more, nothing is begun.")
    private @Nullable Integer maxCalls;

    /** How many calls are allowed whatever was foreseen. */
    int most() {
        return maxCalls == null ? Integer.MAX_VALUE : maxCalls;
    }

    /**
     * @throws UsageException if the number is none
     */
    void check() {
        if (maxCalls != null && maxCalls < 1) {
            throw new UsageException("--max-calls must be >= 1, got " + maxCalls);
        }
    }

    /**
     * Says what is about to be asked, and goes on only if somebody allows it.
     *
     * @param plan calls that are to be made, at least one
     * @throws UsageException if nobody allows it
     */
    void allow(EvalPlan plan, Shell shell, Diagnostics diagnostics) {
        plan.sentences().forEach(diagnostics::say);
        if (maxCalls != null) {
            if (plan.calls() > maxCalls) {
                throw new UsageException("that is more than --max-calls " + maxCalls + ", and nothing was asked: allow "
                        + "more, or take fewer --queries, --timing-queries or --depth");
            }
        } else if (!yes && !answered(shell)) {
            throw new UsageException(shell.isTerminal(Shell.Stream.IN)
                    ? "nothing was asked"
                    : "nothing was asked, as it may cost: allow it with --yes, or up to a number of calls with "
                            + "--max-calls N; a provider that is free has price: 0 in the configuration");
        }
    }

    private static boolean answered(Shell shell) {
        if (!shell.isTerminal(Shell.Stream.IN)) {
            return false;
        }
        shell.err().print("go on? [y/N] ");
        shell.err().flush();
        try {
            String line = line(shell.in()).strip().toLowerCase(Locale.ROOT);
            return line.equals("y") || line.equals("yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n' && line.length() < LINE; next = in.read()) {
            line.append((char) next);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
