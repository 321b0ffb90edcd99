package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table that a person wrote or a program exported, whose first line names the columns. Commas, semicolons or tabs
 * stand between; a cell may stand in quotation marks, and then on several lines. UTF-8; a byte order mark, carriage
 * returns and blank lines do not matter.
 *
 * @param expected what the first line should name, for people
 */
record CsvTable(Path file, List<String> first, String expected) {

    /**
     * A line with its place.
     *
     * @param line where it begins, from 1
     */
    record Row(CsvTable table, List<String> columns, List<String> cells, int line) {

        /** What stands in the first of these columns that has something; empty if none has. */
        Optional<String> cell(List<String> names) {
            return names.stream().map(columns::indexOf).filter(at -> at >= 0 && at < cells.size()).map(cells::get)
                    .map(String::strip).filter(cell -> !cell.isEmpty()).findFirst();
        }

        RerankException refused(String reason) {
            return table.refused(line, reason);
        }
    }

    /**
     * Reads a table.
     *
     * @param file a table
     * @param first names of a column that the first line must have, one of them; it tells what stands between columns
     * @param others names of which the first line must have one for each list
     * @param expected what the first line should name, for people
     * @param rows gets every row that has something in it, in their order
     * @throws RerankException {@code INVALID_REQUEST}, naming file and line, for what is no such table;
     *         {@code UNAVAILABLE} if it cannot be read
     */
    static void read(Path file, List<String> first, List<List<String>> others, String expected, Consumer<Row> rows) {
        CsvTable table = new CsvTable(file, first, expected);
        try {
            table.read(table.separator(), others, rows);
        } catch (CharacterCodingException e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    file + " is not UTF-8: save it as such, spreadsheets call it CSV UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no file " + file, e);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private char separator() throws IOException {
        String line = "";
        try (BufferedReader in = open()) {
            for (String next = in.readLine(); next != null && line.isBlank(); next = in.readLine()) {
                line = next;
            }
        }
        for (char separator : new char[]{',', ';', '\t'}) {
            if (Arrays.stream(line.split(String.valueOf(separator))).map(CsvTable::column).anyMatch(first::contains)) {
                return separator;
            }
        }
        throw refused(1, expected);
    }

    private static String column(String cell) {
        return cell.strip().replaceAll("^\"|\"$", "").strip().toLowerCase(Locale.ROOT);
    }

    private void read(char separator, List<List<String>> others, Consumer<Row> rows) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true).get();
        List<String> columns = List.of();
        int end = 0;
        try (CSVParser parser = CSVParser.parse(open(), format)) {
            for (CSVRecord row : parser) {
                end = (int) parser.getCurrentLineNumber();
                if (columns.isEmpty()) {
                    List<String> named = row.stream().map(CsvTable::column).toList();
                    if (!others.stream().allMatch(names -> names.stream().anyMatch(named::contains))) {
                        throw refused(end, expected);
                    }
                    columns = named;
                } else if (row.stream().anyMatch(cell -> !cell.isBlank())) {
                    int breaks = (int) row.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
                    rows.accept(new Row(this, columns, row.toList(), end - breaks));
                }
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            // What a record's iterator throws for what it reads.
            if (e.getCause() instanceof CSVException cause) {
                throw new RerankException(RerankException.Kind.INVALID_REQUEST, file + ":" + (end + 1)
                        + ": the quotation marks from here on do not pair up; one within a cell must be doubled",
                        cause);
            }
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private RerankException refused(int line, String reason) {
        return new RerankException(RerankException.Kind.INVALID_REQUEST, file + ":" + line + ": " + reason);
    }

    private BufferedReader open() throws IOException {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()));
        in.mark(1);
        if (in.read() != '\uFEFF') {
            in.reset();
        }
        return in;
    }
}
