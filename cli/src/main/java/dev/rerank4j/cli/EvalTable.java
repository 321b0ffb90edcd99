package dev.rerank4j.cli;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Cost;
import dev.rerank4j.eval.Interval;
import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.SystemResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A report for a person: a table of means with their intervals, the differences, and what they come down to. */
final class EvalTable {

    private static final String GAP = "  ";
    private static final String UNKNOWN = "-";

    private final PrintStream out;
    private final int width;
    private final boolean colours;

    EvalTable(PrintStream out, int width, boolean colours) {
        this.out = out;
        this.width = width;
        this.colours = colours;
    }

    void print(Report report) {
        out.println(Style.BOLD.on(TextLayout.printable(report.data()), colours) + ", "
                + Units.count(report.queries()) + (report.queries() == 1 ? " query" : " queries"));
        if (report.synthetic()) {
            out.println(Style.DOWN.on("SYNTHETIC QUERIES: made from the documents themselves, nobody asked them.",
                    colours));
        }
        out.println();
        systems(report);
        List<Comparison> comparisons = report.comparisons().stream()
                .filter(comparison -> comparison.metric().equals(metrics(report).getFirst())).toList();
        if (!comparisons.isEmpty()) {
            out.println();
            differences(comparisons);
        }
        List<String> verdict = Verdict.of(report);
        if (!verdict.isEmpty()) {
            out.println();
            String text = String.join(" ", verdict);
            TextLayout.lines(text, width)
                    .forEach(line -> out.println(Style.BOLD.on(text.substring(line.start(), line.end()), colours)));
        }
    }

    private static List<String> metrics(Report report) {
        return List.copyOf(report.systems().getFirst().metrics().keySet());
    }

    private void systems(Report report) {
        List<String> metrics = metrics(report);
        boolean timed = report.systems().stream().anyMatch(system -> system.latency().isPresent());
        List<List<Cell>> rows = rows(report, metrics, timed, metric -> true);
        if (columns(rows) > width) {
            rows = rows(report, metrics, timed, metrics.getFirst()::equals);
        }
        if (columns(rows) > width) {
            rows = rows(report, metrics, timed, metric -> false);
        }
        table(rows);
    }

    private List<List<Cell>> rows(Report report, List<String> metrics, boolean timed, Predicate<String> interval) {
        List<List<Cell>> rows = new ArrayList<>();
        List<Cell> head = new ArrayList<>(List.of(Cell.left("")));
        for (String metric : metrics) {
            head.add(interval.test(metric) ? Cell.left(metric) : Cell.right(metric));
        }
        if (timed) {
            head.add(Cell.right("p50 ms"));
            head.add(Cell.right("p99 ms"));
        }
        boolean billed = report.systems().stream().anyMatch(system -> system.cost().isPresent());
        if (billed) {
            head.add(Cell.right("calls/1k"));
            head.add(Cell.right("billed/1k"));
            head.add(Cell.right("cost/1k"));
        }
        rows.add(head);
        for (SystemResult system : report.systems()) {
            boolean usual = system.name().equals(system.family());
            List<Cell> row = new ArrayList<>();
            row.add(Cell.left(usual ? system.name() : "  at depth " + system.depth().orElse(0)));
            for (String metric : metrics) {
                Interval mean = system.metrics().get(metric);
                String text = Verdict.number(mean.mean());
                String shown = best(report, metric) <= mean.mean() ? Style.BOLD.on(text, colours) : text;
                String range = GAP.substring(1) + String.format(Locale.ROOT, "[%.3f, %.3f]", mean.low(), mean.high());
                row.add(interval.test(metric)
                        ? new Cell(shown + Style.DIM.on(range, colours), text.length() + range.length(), false)
                        : new Cell(shown, text.length(), true));
            }
            if (timed) {
                row.add(Cell.right(system.latency().map(latency -> millis(latency.p50())).orElse("")));
                row.add(Cell.right(system.latency().map(latency -> millis(latency.p99())).orElse("")));
            }
            if (billed) {
                row.addAll(cost(system.cost()));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Of a thousand queries: calls, what is billed, and what that costs; a dash where it is not known. */
    private static List<Cell> cost(Optional<Cost> cost) {
        return Stream.<Function<Cost, String>>of(
                each -> each.queries() == 0 ? UNKNOWN : count(each.calls()),
                each -> each.units().isEmpty()
                        ? UNKNOWN
                        : (count(each.units().getAsDouble()) + " " + each.unit()).strip(),
                each -> each.amount().isEmpty()
                        ? UNKNOWN
                        : EvalBill.money(each.amount().getAsDouble(), each.currency()))
                .map(text -> Cell.right(TextLayout.printable(cost.map(text).orElse(UNKNOWN)))).toList();
    }

    private static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /** The best that is printed: what looks alike is marked alike. */
    private static double best(Report report, String metric) {
        double best = report.systems().stream().mapToDouble(system -> system.metrics().get(metric).mean()).max()
                .orElse(0);
        return Math.round(best * 1000) / 1000.0 - 0.0005;
    }

    private void differences(List<Comparison> comparisons) {
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(List.of(Cell.left("difference in " + comparisons.getFirst().metric()), Cell.left(""),
                Cell.right("p (Holm)"), Cell.right("better"), Cell.right("same"), Cell.right("worse")));
        for (Comparison c : comparisons) {
            String delta = Verdict.signed(c.delta());
            Style style = c.p() >= Verdict.SIGNIFICANT ? Style.DIM : c.delta() > 0 ? Style.UP : Style.DOWN;
            String range = " [" + Verdict.signed(c.low()) + ", " + Verdict.signed(c.high()) + "]";
            rows.add(List.of(Cell.left(c.b() + " − " + c.a()),
                    new Cell(style.on(delta, colours) + Style.DIM.on(range, colours), delta.length() + range.length(),
                            false),
                    Cell.right(Verdict.p(c.p()).replace("= ", "").replace("< ", "<")), Cell.right("" + c.wins()),
                    Cell.right("" + c.ties()), Cell.right("" + c.losses())));
        }
        table(rows);
    }

    private void table(List<List<Cell>> rows) {
        int[] widths = widths(rows);
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                String blanks = " ".repeat(widths[i] - cell.columns());
                line.append(i == 0 ? "" : GAP).append(cell.right() ? blanks + cell.text() : cell.text() + blanks);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static int columns(List<List<Cell>> rows) {
        int[] widths = widths(rows);
        int sum = GAP.length() * (widths.length - 1);
        for (int column : widths) {
            sum += column;
        }
        return sum;
    }

    private static int[] widths(List<List<Cell>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<Cell> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).columns());
            }
        }
        return widths;
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%,.0f", millis);
    }

    /**
     * @param text with marks for the terminal
     * @param columns without them
     */
    private record Cell(String text, int columns, boolean right) {

        static Cell left(String text) {
            return new Cell(text, TextLayout.columns(text), false);
        }

        static Cell right(String text) {
            return new Cell(text, TextLayout.columns(text), true);
        }
    }
}
