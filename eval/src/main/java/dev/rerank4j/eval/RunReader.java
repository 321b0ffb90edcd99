package dev.rerank4j.eval;

import dev.rerank4j.eval.RankedDocuments.Builder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Reads one TREC run file; see {@link Run#read}. */
final class RunReader {

    private static final int COLUMNS = 6;

    /** So many digits, and the powers of ten up to them, a double holds exactly. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] TENS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};

    private final Path file;
    private final Ids ids = new Ids();
    private final Map<String, Builder> builders = new LinkedHashMap<>();
    private final Set<String> tags = new LinkedHashSet<>();
    private final Warnings warnings = new Warnings();
    private final int[] starts = new int[COLUMNS];
    private final int[] ends = new int[COLUMNS];
    private String query = "";
    private String tag = "";
    private Builder builder = new Builder();

    RunReader(Path file) {
        this.file = file;
    }

    Run read() {
        Lines.forEach(file, this::line);
        Map<String, RankedDocuments> rankings = new LinkedHashMap<>();
        int[] stamps = new int[ids.size()];
        for (Map.Entry<String, Builder> entry : builders.entrySet()) {
            RankedDocuments ranked = entry.getValue().build(ids, stamps, rankings.size() + 1);
            int twice = entry.getValue().size() - ranked.documents().size();
            if (twice > 0) {
                warnings.add(file + ": query " + entry.getKey() + " has " + twice
                        + (twice == 1 ? " line" : " lines") + " for documents that it has already; "
                        + "of each document the highest score counts");
            }
            rankings.put(entry.getKey(), ranked);
            entry.getValue().clear(); // both forms of a large run need not fit into memory
        }
        if (rankings.isEmpty()) {
            warnings.add(file + " is empty: a run without any query");
        }
        String name = tags.isEmpty() ? String.valueOf(file.getFileName()) : tags.iterator().next();
        return new Run(name, rankings, warnings.all());
    }

    private void line(String line, int number) {
        split(line);
        float score = score(line, starts[4], ends[4]);
        if (!is(query, line, 0)) {
            query = cell(line, 0);
            builder = builders.computeIfAbsent(query, id -> new Builder());
        }
        builder.add(ids.of(line, starts[2], ends[2]), score);
        if (!is(tag, line, 5)) {
            tag = cell(line, 5);
            if (tags.add(tag) && tags.size() == 2) {
                warnings.add(file + ":" + number + ": the run has more than one tag; the first, "
                        + tags.iterator().next() + ", is its name");
            }
        }
    }

    private String cell(String line, int column) {
        return line.substring(starts[column], ends[column]);
    }

    private boolean is(String value, String line, int column) {
        return value.length() == ends[column] - starts[column] && line.startsWith(value, starts[column]);
    }

    private void split(String line) {
        int count = 0;
        int at = 0;
        int length = line.length();
        while (at < length) {
            while (at < length && line.charAt(at) <= ' ') {
                at++;
            }
            int start = at;
            while (at < length && line.charAt(at) > ' ') {
                at++;
            }
            if (at > start) {
                if (count < COLUMNS) {
                    starts[count] = start;
                    ends[count] = at;
                }
                count++;
            }
        }
        if (count != COLUMNS) {
            throw new IllegalArgumentException("a line of a run must have six columns (query, Q0, document, rank, "
                    + "score, tag), got " + count);
        }
    }

    /** As trec_eval reads it: a double, then rounded to a float. */
    private static float score(String line, int start, int end) {
        boolean negative = line.charAt(start) == '-';
        long digits = 0;
        int decimals = -1;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            char c = line.charAt(i);
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (c >= '0' && c <= '9' && i - start < EXACT_DIGITS) {
                digits = digits * 10 + c - '0';
                decimals += decimals < 0 ? 0 : 1;
            } else {
                return anyScore(line.substring(start, end));
            }
        }
        if (end - start < (negative ? 1 : 0) + (decimals < 0 ? 1 : 2)) {
            return anyScore(line.substring(start, end)); // no digit at all
        }
        // Both are exact and the division rounds once: the double nearest to what is written.
        double value = digits / TENS[Math.max(0, decimals)];
        return (float) (negative ? -value : value);
    }

    private static float anyScore(String cell) {
        float score;
        try {
            score = (float) Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a score must be a number, got " + cell, e);
        }
        if (!Float.isFinite(score) || "fFdD".indexOf(cell.charAt(cell.length() - 1)) >= 0) {
            throw new IllegalArgumentException("a score must be a number that a float32 can hold, got " + cell);
        }
        return score;
    }
}
