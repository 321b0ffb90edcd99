package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.DocumentReader.Warning;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file: a header, and rows below it. Separated by commas, semicolons or tabs, whichever its first line has most
 * of.
 */
final class Table {

    private static final Set<String> TEXT_COLUMNS = Set.of("text", "content", "body", "description");
    private static final Set<String> ID_COLUMNS = Set.of("id", "_id");
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d{0,14})(?:\\.\\d{1,15})?");
    private static final Pattern FLAG = Pattern.compile("true|false", Pattern.CASE_INSENSITIVE);

    private enum Kind {
        NUMBER, FLAG, MOMENT, TEXT
    }

    private final List<String> columns;
    private final List<List<String>> rows;
    /** One kind for the whole column, since values of different kinds cannot be compared. */
    private final Map<Integer, Kind> kinds = new HashMap<>();

    private Table(List<String> columns, List<List<String>> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** Reads as many rows as can be read; a warning if these are not all. */
    static Table parse(String csv, String name, Consumer<Warning> warnings) {
        List<List<String>> rows = new ArrayList<>();
        CSVFormat format = CSVFormat.RFC4180.builder().setDelimiter(delimiter(csv)).setIgnoreEmptyLines(false).get();
        try (CSVParser parser = CSVParser.parse(new StringReader(csv), format)) {
            for (CSVRecord row : parser) {
                rows.add(row.stream().map(String::strip).toList());
            }
        } catch (IOException | UncheckedIOException e) {
            warnings.accept(new Warning(name + ":" + (rows.size() + 1),
                    "The row is not valid CSV, so that it and all below it are not read; check its quotation marks."));
        }
        List<String> header = rows.isEmpty() ? List.of() : rows.removeFirst();
        return new Table(header, rows);
    }

    private static char delimiter(String csv) {
        Map<Character, Integer> counts = new HashMap<>();
        boolean quoted = false;
        for (int i = 0; i < csv.length() && (quoted || csv.charAt(i) != '\n'); i++) {
            quoted ^= csv.charAt(i) == '"';
            if (!quoted) {
                counts.merge(csv.charAt(i), 1, Integer::sum);
            }
        }
        char best = ',';
        for (char candidate : new char[]{';', '\t'}) {
            best = counts.getOrDefault(candidate, 0) > counts.getOrDefault(best, 0) ? candidate : best;
        }
        return best;
    }

    /** Whether each row is a document, because one column holds texts. */
    boolean hasTexts() {
        return column(TEXT_COLUMNS) >= 0;
    }

    void rows(String name, Consumer<SectionedDocument> documents, Consumer<Warning> warnings) {
        int idColumn = column(ID_COLUMNS);
        int titleColumn = column(Set.of("title"));
        int textColumn = column(TEXT_COLUMNS);
        Set<String> ids = new HashSet<>();
        for (int row = 0; row < rows.size(); row++) {
            List<String> cells = rows.get(row);
            if (cells.stream().allMatch(String::isEmpty)) {
                continue;
            }
            String rowName = name + ":" + (row + 2); // as a spreadsheet numbers them: the header is row 1
            String id = cell(cells, idColumn).isBlank() ? rowName : cell(cells, idColumn);
            if (!ids.add(id)) {
                warnings.accept(new Warning(rowName,
                        "Its id stands in an earlier row too, which is kept; make ids unique."));
                continue;
            }
            Map<String, Value> metadata = new HashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                boolean own = column == idColumn || column == titleColumn || column == textColumn;
                if (!own && !cell(cells, column).isEmpty()) {
                    metadata.put(name(column), value(column, cell(cells, column)));
                }
            }
            Document document = new Document(id, cell(cells, titleColumn), cell(cells, textColumn), metadata);
            documents.accept(SectionedDocument.plain(document, name));
        }
    }

    /** The whole table as text: a line for each row, "column: value; column: value". */
    String text() {
        StringJoiner lines = new StringJoiner("\n");
        for (List<String> cells : rows) {
            StringJoiner line = new StringJoiner("; ");
            for (int column = 0; column < cells.size(); column++) {
                if (!cells.get(column).isEmpty()) {
                    line.add(name(column) + ": " + cells.get(column));
                }
            }
            if (line.length() > 0) {
                lines.add(line.toString());
            }
        }
        return lines.toString();
    }

    private int column(Set<String> names) {
        for (int column = 0; column < columns.size(); column++) {
            if (names.contains(columns.get(column).toLowerCase(Locale.ROOT))) {
                return column;
            }
        }
        return -1;
    }

    private String name(int column) {
        String name = cell(columns, column);
        return name.isEmpty() ? "column " + (column + 1) : name;
    }

    private Value value(int column, String cell) {
        return switch (kinds.computeIfAbsent(column, this::kind)) {
            case NUMBER -> Value.of(Double.parseDouble(cell));
            case FLAG -> Value.of(Boolean.parseBoolean(cell));
            case MOMENT -> Moments.orText(cell);
            case TEXT -> Value.of(cell);
        };
    }

    private Kind kind(int column) {
        if (all(column, cell -> NUMBER.matcher(cell).matches())) {
            return Kind.NUMBER;
        } else if (all(column, cell -> FLAG.matcher(cell).matches())) {
            return Kind.FLAG;
        }
        return all(column, cell -> Moments.of(cell).isPresent()) ? Kind.MOMENT : Kind.TEXT;
    }

    private boolean all(int column, Predicate<String> test) {
        return rows.stream().map(cells -> cell(cells, column)).filter(cell -> !cell.isEmpty()).allMatch(test);
    }

    private static String cell(List<String> cells, int column) {
        return column >= 0 && column < cells.size() ? cells.get(column) : "";
    }
}
