package dev.rerank4j.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judgments: which document answers which query, and how well. Immutable. */
public final class Qrels {

    private final Map<String, Map<String, Integer>> grades;
    private final List<String> warnings;

    private Qrels(Map<String, Map<String, Integer>> grades, List<String> warnings) {
        Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
        grades.forEach((query, documents) -> copy.put(query,
                Collections.unmodifiableMap(new LinkedHashMap<>(documents))));
        this.grades = Collections.unmodifiableMap(copy);
        this.warnings = warnings;
    }

    /** Judgments by query id, then document id. */
    public static Qrels of(Map<String, Map<String, Integer>> grades) {
        return new Qrels(grades, List.of());
    }

    /**
     * Reads a file of either kind, told apart by the columns of each line: BEIR's three, separated by tabs (query,
     * document, grade; a first line whose third column is no number is a header), or TREC's four, separated by blanks
     * (query, unused, document, grade). UTF-8; a byte order mark, carriage returns and blank lines do not matter; a
     * name that ends in {@code .gz} is unpacked. A pair judged twice keeps its first grade, and {@link #warnings()}
     * says so.
     *
     * @throws dev.rerank4j.RerankException {@code INVALID_REQUEST}, naming file and line, if a line is neither;
     *         {@code UNAVAILABLE} if the file cannot be read
     */
    public static Qrels read(Path file) {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        Warnings warnings = new Warnings();
        boolean[] first = {true};
        Lines.forEach(file, (line, number) -> {
            String[] cells = cells(line);
            String query = cells[0];
            String document = cells[cells.length - 2];
            String grade = cells[cells.length - 1];
            boolean header = first[0] && !isNumber(grade);
            first[0] = false;
            if (header) {
                return;
            }
            Integer before = grades.computeIfAbsent(query, id -> new LinkedHashMap<>()).putIfAbsent(document,
                    grade(grade));
            if (before != null) {
                warnings.add(file + ":" + number + ": query " + query + " and document " + document
                        + (before == grade(grade)
                                ? " are judged twice"
                                : " are judged " + before + " before and " + grade + " here; the first counts"));
            }
        });
        return new Qrels(grades, warnings.all());
    }

    private static String[] cells(String line) {
        String[] cells = line.strip().split(line.contains("\t") ? " *\t *" : " +");
        if (cells.length == 3 || cells.length == 4) {
            return cells;
        }
        String[] blanks = line.strip().split("\\s+");
        if (blanks.length == 4) {
            return blanks;
        }
        throw new IllegalArgumentException("a judgment must have three columns (query, document, grade; separated by "
                + "tabs) or four (query, 0, document, grade), got " + cells.length);
    }

    private static boolean isNumber(String cell) {
        return cell.matches("[+-]?\\d+(\\.0+)?");
    }

    private static int grade(String cell) {
        if (!isNumber(cell)) {
            throw new IllegalArgumentException("a grade must be a whole number, got " + cell);
        }
        try {
            return Integer.parseInt(cell.replaceFirst("\\.0+$", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a grade must be within -2147483648 to 2147483647, got " + cell, e);
        }
    }

    /** Ids of the queries with judgments, in the order of the file. */
    public Set<String> queries() {
        return grades.keySet();
    }

    /** The judgments of a query by document id; empty if there are none. A grade of 0 or below is not relevant. */
    public Map<String, Integer> grades(String query) {
        return grades.getOrDefault(query, Map.of());
    }

    /** Whether a document with a grade above 0 is known for the query. */
    public boolean hasRelevant(String query) {
        return grades(query).values().stream().anyMatch(grade -> grade > 0);
    }

    /** What was odd in the file, a sentence each, naming file and line. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Writes BEIR's layout: a header, then query, document and grade, separated by tabs.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        List<String> lines = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        grades.forEach((query, documents) -> documents
                .forEach((document, grade) -> lines.add(query + "\t" + document + "\t" + grade)));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
