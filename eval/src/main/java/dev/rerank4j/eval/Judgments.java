package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Judgment.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

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

    private final Path file;
    private final List<Judgment> judgments = new ArrayList<>();

    private Judgments(Path file) {
        this.file = file;
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
        Judgments reader = new Judgments(file);
        try {
            reader.read(reader.separator());
        } catch (CharacterCodingException e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    file + " is not UTF-8: save it as such, spreadsheets call it CSV UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no file " + file, e);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, file + " cannot be read: " + e.getMessage(), e);
        }
        return List.copyOf(reader.judgments);
    }

    private char separator() throws IOException {
        String first = "";
        try (BufferedReader in = open()) {
            for (String line = in.readLine(); line != null && first.isBlank(); line = in.readLine()) {
                first = line;
            }
        }
        for (char separator : new char[]{',', ';', '\t'}) {
            boolean named = Arrays.stream(first.split(String.valueOf(separator))).map(Judgments::column)
                    .anyMatch(QUERY::contains);
            if (named) {
                return separator;
            }
        }
        throw refused(1, EXPECTED);
    }

    private static String column(String cell) {
        return cell.strip().replaceAll("^\"|\"$", "").strip().toLowerCase(Locale.ROOT);
    }

    private void read(char separator) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true).get();
        List<String> columns = List.of();
        int end = 0;
        try (CSVParser parser = CSVParser.parse(open(), format)) {
            for (CSVRecord row : parser) {
                end = (int) parser.getCurrentLineNumber();
                if (columns.isEmpty()) {
                    columns = row.stream().map(Judgments::column).toList();
                    if (columns.stream().noneMatch(TARGETS::containsKey)) {
                        throw refused(end, EXPECTED);
                    }
                } else if (row.stream().anyMatch(cell -> !cell.isBlank())) {
                    int breaks = (int) row.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
                    judgments.add(judgment(columns, row, end - breaks));
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

    private Judgment judgment(List<String> columns, CSVRecord row, int line) {
        String query = cell(columns, row, QUERY).orElseThrow(() -> refused(line, "a judgment must have a query"));
        String grade = cell(columns, row, GRADE).orElse("1");
        int value;
        try {
            value = Integer.parseInt(grade);
        } catch (NumberFormatException e) {
            throw refused(line, "a grade must be a whole number, got " + grade);
        }
        for (Map.Entry<String, Kind> target : TARGETS.entrySet()) {
            Optional<String> named = cell(columns, row, List.of(target.getKey()));
            if (named.isPresent()) {
                return new Judgment(query, target.getValue(), named.get(), value, file, line);
            }
        }
        throw refused(line, "a judgment must name what answers the query, in one of the columns "
                + String.join(", ", TARGETS.keySet()));
    }

    private static Optional<String> cell(List<String> columns, CSVRecord row, List<String> names) {
        return names.stream().map(columns::indexOf).filter(at -> at >= 0 && at < row.size()).map(row::get)
                .map(String::strip).filter(cell -> !cell.isEmpty()).findFirst();
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
