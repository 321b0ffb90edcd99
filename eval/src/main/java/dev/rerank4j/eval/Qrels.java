package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Judgments: which document answers which query, and how well. Immutable. */
public final class Qrels {

    /** What the last column of a header is called; others are believed, with a warning. */
    private static final Set<String> HEADERS = Set.of("score", "grade", "relevance", "rel", "label", "judgment");

    private final Map<String, Map<String, Integer>> grades;
    private final List<String> warnings;

    private Qrels(Map<String, Map<String, Integer>> grades, List<String> warnings) {
        Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
        grades.forEach((query, documents) -> copy.put(query,
                Collections.unmodifiableMap(new LinkedHashMap<>(documents))));
        this.grades = Collections.unmodifiableMap(copy);
        this.warnings = warnings;
    }

    /**
     * {@return judgments with these grades, without warnings}
     *
     * @param grades by query id, then document id; copied, the order is kept
     */
    public static Qrels of(Map<String, Map<String, Integer>> grades) {
        return new Qrels(grades, List.of());
    }

    /**
     * Reads a file of either kind, told apart by the columns of each line: BEIR's three, separated by tabs (query,
     * document, grade; a first line whose last column begins with a letter is a header), or TREC's four, separated by
     * blanks or tabs (query, unused, document, grade). UTF-8; a byte order mark, carriage returns and blank lines do
     * not matter; a name that ends in {@code .gz} is unpacked. A pair that is judged twice with the same grade counts
     * once, and {@link #warnings()} names the line; with two grades the file is refused, as trec_eval does, because
     * every figure would depend on which of them one believes. Negative grades are kept, and are not relevant.
     *
     * @param file in one of those layouts
     * @return possibly without any query
     * @throws RerankException {@code INVALID_REQUEST}, naming file and line, if a line is neither, a grade is no whole
     *         number, or a pair has two grades, or if the file is not UTF-8; {@code UNAVAILABLE} if the file cannot be
     *         read
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
            boolean header = first[0] && line.contains("\t") && Character.isLetter(grade.codePointAt(0));
            first[0] = false;
            if (header) {
                if (!HEADERS.contains(grade.toLowerCase(Locale.ROOT))) {
                    warnings.add(file + ":" + number + ": the first line is taken for a header, as its last column is "
                            + grade);
                }
                return;
            }
            int value = grade(grade);
            Integer before = grades.computeIfAbsent(query, id -> new LinkedHashMap<>()).putIfAbsent(document, value);
            if (before != null && before != value) {
                throw new IllegalArgumentException("a judgment must not contradict an earlier one, got " + value
                        + " for query " + query + " and document " + document + ", which had " + before);
            }
            if (before != null) {
                warnings.add(file + ":" + number + ": query " + query + " and document " + document
                        + " are judged twice; that counts once");
            }
        });
        return new Qrels(grades, warnings.all());
    }

    private static String[] cells(String line) {
        String[] cells = line.strip().split(" *\t *");
        if (cells.length < 3) {
            cells = line.strip().split("\\s+");
            if (cells.length == 3) {
                throw new IllegalArgumentException("a judgment of three columns must have tabs between them");
            }
        }
        if (cells.length != 3 && cells.length != 4 || Arrays.stream(cells).anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a judgment must have three columns (query, document, grade; separated "
                    + "by tabs) or four (query, 0, document, grade), got " + cells.length
                    + (Arrays.stream(cells).anyMatch(String::isEmpty) ? ", one of them empty" : ""));
        }
        return cells;
    }

    private static boolean isNumber(String cell) {
        return cell.matches("[+-]?\\d+(\\.0*)?");
    }

    private static int grade(String cell) {
        if (!isNumber(cell)) {
            throw new IllegalArgumentException("a grade must be a whole number, got " + cell);
        }
        try {
            return Integer.parseInt(cell.replaceFirst("\\.0*$", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a grade must be within -2147483648 to 2147483647, got " + cell, e);
        }
    }

    /** {@return ids of the queries with judgments, in the order of the file} */
    public Set<String> queries() {
        return grades.keySet();
    }

    /**
     * {@return the judgments of a query by document id; empty if there are none} A grade of 0 or below is not relevant.
     *
     * @param query a query's id
     */
    public Map<String, Integer> grades(String query) {
        return grades.getOrDefault(query, Map.of());
    }

    /**
     * {@return whether a document with a grade above 0 is known for the query}
     *
     * @param query a query's id
     */
    public boolean hasRelevant(String query) {
        return grades(query).values().stream().anyMatch(grade -> grade > 0);
    }

    /** {@return what was odd in the file, a sentence each, naming file and line} */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Writes BEIR's layout: a header, then query, document and grade, separated by tabs.
     *
     * @param file overwritten if it exists; its folder must exist
     * @throws RerankException {@code UNAVAILABLE} if it cannot be written
     */
    public void write(Path file) {
        List<String> lines = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        grades.forEach((query, documents) -> documents
                .forEach((document, grade) -> lines.add(query + "\t" + document + "\t" + grade)));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
