package dev.rerank4j.cli;

import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints a result for people: each hit with its rank, how it moved, how probable it is, where it stands, and the lines
 * that show why.
 *
 * @param width columns of a line
 * @param colours whether to mark words for a terminal
 * @param explain whether to add what every stage said and how long it took
 */
record HitPrinter(PrintStream out, int width, boolean colours, boolean explain) {

    private static final int RANK = 3;
    private static final int MOVEMENT = 5;
    private static final int PROBABILITY = 6;
    private static final int LINES = 3;

    /**
     * @param words finds the query's words in a passage
     */
    void print(SearchResult result, Movement movement, Snippet.Words words) {
        int rank = 0;
        for (Hit hit : result.ranking()) {
            if (rank > 0) {
                out.println();
            }
            print(hit, ++rank, movement.of(hit, rank), words);
        }
        if (explain) {
            if (rank > 0) {
                out.println();
            }
            stages(result.stages());
        }
        out.flush();
    }

    private void print(Hit hit, int rank, String moved, Snippet.Words words) {
        String indent = " ".repeat(RANK + 2 + MOVEMENT + PROBABILITY);
        int room = width - indent.length();
        Passage passage = hit.passage();
        out.println(TextLayout.padLeft("" + rank, RANK) + "  "
                + styled(moved) + " ".repeat(MOVEMENT - TextLayout.columns(moved))
                + TextLayout.pad(value(hit), PROBABILITY)
                + Style.BOLD.on(TextLayout.fit(heading(passage), room), colours));
        for (String line : Snippet.of(passage.text(), words, room, LINES).styled(colours)) {
            out.println(indent + line);
        }
        out.println(indent + Style.DIM.on(TextLayout.fit(place(passage), room), colours));
        if (explain) {
            for (String line : wrapped(evidence(hit.evidence()), room)) {
                out.println(indent + Style.DIM.on(line, colours));
            }
        }
    }

    private String styled(String moved) {
        return switch (moved.isEmpty() ? ' ' : moved.charAt(0)) {
            case '▲' -> Style.UP.on(moved, colours);
            case '▼' -> Style.DOWN.on(moved, colours);
            case 'n' -> Style.FRESH.on(moved, colours);
            default -> Style.DIM.on(moved, colours);
        };
    }

    /** The probability if a model gave one; otherwise the score, which only compares hits of this result. */
    private static String value(Hit hit) {
        return hit.probability().isPresent()
                ? String.format(Locale.ROOT, "%.2f", hit.probability().getAsDouble())
                : String.format(Locale.ROOT, Math.abs(hit.score()) < 10 ? "%.3f" : "%.1f", hit.score());
    }

    private static String heading(Passage passage) {
        List<String> path = new ArrayList<>();
        path.add(passage.title().isBlank() ? passage.documentId() : passage.title());
        path.addAll(passage.location().headings());
        return TextLayout.printable(String.join(" › ", path));
    }

    private static String place(Passage passage) {
        Location location = passage.location();
        List<String> place = new ArrayList<>();
        if (!location.file().isEmpty()) {
            place.add(location.file());
        }
        if (!passage.documentId().equals(location.file())) {
            place.add(passage.documentId());
        }
        location.page().ifPresent(page -> place.add("page " + page));
        return TextLayout.printable(String.join(" · ", place));
    }

    private static String evidence(List<Evidence> evidence) {
        List<String> parts = new ArrayList<>();
        for (Evidence stage : evidence) {
            parts.add(stage.stage() + " " + stage.rank() + " (" + score(stage.score()) + ")");
        }
        return String.join(" · ", parts);
    }

    private static String score(double score) {
        return String.format(Locale.ROOT, Math.abs(score) < 1 ? "%.4f" : "%.2f", score);
    }

    private static List<String> wrapped(String text, int columns) {
        return TextLayout.lines(text, columns).stream().map(line -> text.substring(line.start(), line.end())).toList();
    }

    private void stages(List<StageReport> stages) {
        int name = stages.stream().mapToInt(stage -> TextLayout.columns(stage.stage())).max().orElse(0);
        name = Math.max(name, "stage".length());
        out.println(Style.DIM.on(TextLayout.pad("stage", name) + "        ms  candidates", colours));
        for (StageReport stage : stages) {
            String start = TextLayout.pad(stage.stage(), name)
                    + String.format(Locale.ROOT, "%10.1f", millis(stage.time()));
            out.println(switch (stage) {
                case StageReport.Completed completed ->
                    start + String.format(Locale.ROOT, "%12d", completed.candidates());
                case StageReport.Failed failed -> start + "  failed: " + TextLayout.printable(failed.reason());
                case StageReport.Skipped skipped -> start + "  skipped: " + TextLayout.printable(skipped.reason());
            });
        }
    }

    static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
