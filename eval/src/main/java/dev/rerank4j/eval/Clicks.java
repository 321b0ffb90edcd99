package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Judgment.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes judgments of clicks. Whoever clicks on the third result has passed over the first two ("click &gt; skip above",
 * Joachims, Granka, Pan, Hembrooke, Gay: Accurately interpreting clickthrough data as implicit feedback, SIGIR 2005);
 * what stood below the last click was perhaps never looked at and says nothing.
 *
 * @param judgments of the queries with clicks, in the order of their first appearance; grade 1 for a document that was
 *        clicked in at least half of the searches in which it counts, otherwise 0
 * @param searches how many lines were read
 * @param queries how many different queries they ask
 * @param unclicked how many of these queries had no click in any search, and so no judgment
 */
public record Clicks(List<Judgment> judgments, int searches, int queries, int unclicked) {

    private static final List<String> QUERY = List.of("query", "question");
    private static final List<String> SHOWN = List.of("shown");
    private static final List<String> CLICKED = List.of("clicked");
    private static final String EXPECTED = "the first line must name the columns query, shown and clicked; commas, "
            + "semicolons or tabs stand between, and | between the documents of a cell";
    private static final Pattern BETWEEN = Pattern.compile("\\s*\\|\\s*");

    /** Copies the list. */
    public Clicks {
        judgments = List.copyOf(judgments);
    }

    /** Of one document and query: in how many searches it counts, and in how many of these it was clicked. */
    private record Seen(int searches, int clicked, int line) {

        Seen plus(boolean click) {
            return new Seen(searches + 1, clicked + (click ? 1 : 0), line);
        }
    }

    /**
     * Reads a CSV file with a line for each search: {@code query}; {@code shown}, the ids of the documents in the order
     * in which they were shown, {@code |} between them; {@code clicked}, those that were clicked, likewise, or nothing.
     * Columns, separators and encoding are as for {@link Judgments#read}. Queries are the same if their texts are,
     * whatever the white space around them.
     *
     * @param file a table, such as a search log gives
     * @return the judgments, possibly none
     * @throws RerankException {@code INVALID_REQUEST}, naming file and line, if the columns are not named, a line has
     *         no query or shows nothing, or names as clicked what it did not show; {@code UNAVAILABLE} if the file
     *         cannot be read
     */
    public static Clicks read(Path file) {
        Map<String, Map<String, Seen>> seen = new LinkedHashMap<>();
        int[] searches = {0};
        CsvTable.read(file, QUERY, List.of(SHOWN, CLICKED), EXPECTED, row -> {
            searches[0]++;
            String query = row.cell(QUERY).orElseThrow(() -> row.refused("a search must have a query"));
            List<String> shown = documents(row.cell(SHOWN)
                    .orElseThrow(() -> row.refused("a search must have shown something")));
            List<String> clicked = documents(row.cell(CLICKED).orElse(""));
            clicked.stream().filter(document -> !shown.contains(document)).findFirst().ifPresent(document -> {
                throw row.refused("clicked must be among shown, " + document + " is not");
            });
            Map<String, Seen> documents = seen.computeIfAbsent(query, text -> new LinkedHashMap<>());
            int last = clicked.stream().mapToInt(shown::indexOf).max().orElse(-1);
            shown.subList(0, last + 1).forEach(document -> documents.merge(document,
                    new Seen(0, 0, row.line()).plus(clicked.contains(document)),
                    (before, now) -> before.plus(clicked.contains(document))));
        });
        List<Judgment> judgments = new ArrayList<>();
        seen.forEach((query, documents) -> documents.forEach((document, counts) -> judgments.add(new Judgment(query,
                Kind.ID, document, 2 * counts.clicked() >= counts.searches() ? 1 : 0, file, counts.line()))));
        return new Clicks(judgments, searches[0], seen.size(),
                (int) seen.values().stream().filter(Map::isEmpty).count());
    }

    private static List<String> documents(String cell) {
        return Arrays.stream(BETWEEN.split(cell)).map(String::strip).filter(id -> !id.isEmpty()).distinct().toList();
    }
}
