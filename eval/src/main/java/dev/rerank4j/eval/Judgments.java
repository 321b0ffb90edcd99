package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Judgment.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a person's own judgments from a table. */
public final class Judgments {

    private static final List<String> QUERY = List.of("query", "question");
    private static final List<String> GRADE = List.of("grade", "relevance", "score");

    /** In the order in which a line that fills several of them is understood. */
    private static final Map<String, Kind> TARGETS = new LinkedHashMap<>();
    static {
        TARGETS.put("document", Kind.ID);
        TARGETS.put("id", Kind.ID);
        TARGETS.put("file", Kind.FILE);
        TARGETS.put("passage", Kind.ID);
        TARGETS.put("quote", Kind.QUOTE);
        TARGETS.put("text", Kind.QUOTE);
    }

    private static final String EXPECTED = "the first line must name the columns: query, and at least one of "
            + String.join(", ", TARGETS.keySet()) + "; grade is optional; commas, semicolons or tabs stand between";

    private Judgments() {
    }

    /**
     * Reads a CSV file whose first line names the columns: {@code query}, one or more of {@code document}, {@code id},
     * {@code file}, {@code passage}, {@code quote} and {@code text}, and possibly {@code grade}, a whole number, 1
     * where nothing stands. Other columns are left alone. Commas, semicolons or tabs stand between, as the first line
     * has them; a cell may stand in quotation marks, and then on several lines. Where a line fills several columns, the
     * first of those above names the target. UTF-8; a byte order mark, carriage returns and blank lines do not matter.
     *
     * @param file a table that a person wrote
     * @return in the order of the file; possibly none
     * @throws RerankException {@code INVALID_REQUEST}, naming file and line, if the columns are not named, a line has
     *         no query or no target, a grade is no whole number, or the quotation marks do not pair up, or if the file
     *         is not UTF-8; {@code UNAVAILABLE} if the file cannot be read
     */
    public static List<Judgment> read(Path file) {
        List<Judgment> judgments = new ArrayList<>();
        CsvTable.read(file, QUERY, List.of(List.copyOf(TARGETS.keySet())), EXPECTED,
                row -> judgments.add(judgment(file, row)));
        return List.copyOf(judgments);
    }

    private static Judgment judgment(Path file, CsvTable.Row row) {
        String query = row.cell(QUERY).orElseThrow(() -> row.refused("a judgment must have a query"));
        String grade = row.cell(GRADE).orElse("1");
        int value;
        try {
            value = Integer.parseInt(grade);
        } catch (NumberFormatException e) {
            throw row.refused("a grade must be a whole number, got " + grade);
        }
        for (Map.Entry<String, Kind> target : TARGETS.entrySet()) {
            Optional<String> named = row.cell(List.of(target.getKey()));
            if (named.isPresent()) {
                return new Judgment(query, target.getValue(), named.get(), value, file, row.line());
            }
        }
        throw row.refused("a judgment must name what answers the query, in one of the columns "
                + String.join(", ", TARGETS.keySet()));
    }
}
