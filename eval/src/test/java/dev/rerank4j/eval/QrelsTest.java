package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QrelsTest {

    @TempDir
    private Path folder;

    @Test
    void readsTabsWithAHeader() {
        assertRead("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td1\t1\n");
    }

    @Test
    void readsTabsWithoutAHeader() {
        assertRead("q1\td1\t2\nq1\td2\t0\nq2\td1\t1\n");
    }

    @Test
    void readsTrecsFourColumns() {
        assertRead("q1 0 d1 2\nq1 0 d2 0\nq2 0 d1 1\n");
        assertRead("q1\t0\td1\t2\nq1   0 d2\t0\n q2 Q0 d1 1 \n");
    }

    @Test
    void byteOrderMarksCarriageReturnsAndBlankLinesDoNotMatter() {
        assertRead("\uFEFFquery-id\tcorpus-id\tscore\r\n\r\nq1\td1\t2\r\nq1\td2\t0\r\n   \r\nq2\td1\t1");
        assertRead("\uFEFFq1 0 d1 2\r\nq1 0 d2 0\r\n\r\nq2 0 d1 1\r\n");
    }

    @Test
    void readsWhatIsPacked() throws IOException {
        Path file = folder.resolve("test.tsv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("q1\td1\t2\nq1\td2\t0\nq2\td1\t1\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(expected(), content(Qrels.read(file)));
    }

    @Test
    void idsInTabbedFilesMayHaveBlanks() {
        Qrels qrels = read("query one\ta file.md\t1.0\n");
        assertEquals(Map.of("a file.md", 1), qrels.grades("query one"));
    }

    @Test
    void negativeGradesAreKeptAndNotRelevant() {
        Qrels qrels = read("q1 0 d1 -1\nq1 0 d2 -2\n");
        assertEquals(Map.of("d1", -1, "d2", -2), qrels.grades("q1"));
        assertFalse(qrels.hasRelevant("q1"));
        assertEquals(List.of(), qrels.warnings());
    }

    @Test
    void aPairJudgedTwiceCountsOnceAndItsLineIsNamed() {
        Qrels qrels = read("q1 0 d1 1\nq1 0 d2 1\nq1 0 d1 1\n");
        assertEquals(2, qrels.grades("q1").size());
        assertEquals(List.of(file() + ":3: query q1 and document d1 are judged twice; that counts once"),
                qrels.warnings());
    }

    @Test
    void manyWarningsAreCountedAndNotAllShown() {
        Qrels qrels = read("q1 0 d1 1\n".repeat(100));
        assertEquals(6, qrels.warnings().size());
        assertEquals("and 94 more such warnings", qrels.warnings().getLast());
    }

    @Test
    void contradictionsAreRefused() {
        assertRefused(3, "got 2 for query q1 and document d1, which had 1", "q1 0 d1 1\nq1 0 d2 1\nq1 0 d1 2\n");
    }

    @Test
    void linesOfAnotherShapeAreRefused() {
        assertRefused(2, "got 5", "q1 0 d1 1\nq1 0 d1 1 extra\n");
        assertRefused(2, "got 2", "q1\td1\t1\nq1\td2\n");
        assertRefused(1, "must have tabs between them", "q1 d1 1\n");
        assertRefused(1, "must have tabs between them", "q1 0 d1\n");
        assertRefused(2, "one of them empty", "q1\td1\t1\nq1\t\t1\n");
    }

    @Test
    void gradesThatAreNoWholeNumbersAreRefused() {
        assertRefused(2, "got high", "q1\td1\t1\nq1\td2\thigh\n");
        assertRefused(1, "got 0.5", "q1\td1\t0.5\n");
        assertRefused(1, "got abc", "q1 0 d1 abc\n");
        assertRefused(1, "got 3000000000", "q1 0 d1 3000000000\n");
    }

    @Test
    void aFirstLineThatMayBeNoHeaderIsMentioned() {
        Qrels qrels = read("q1\td1\thigh\nq1\td2\t1\n");
        assertEquals(Map.of("d2", 1), qrels.grades("q1"));
        assertEquals(1, qrels.warnings().size());
        assertTrue(qrels.warnings().getFirst().startsWith(file() + ":1: the first line is taken for a header"));
    }

    @Test
    void anEmptyFileHasNoQueries() {
        assertEquals(Map.of(), content(read("")));
        assertEquals(Map.of(), content(read("query-id\tcorpus-id\tscore\n")));
    }

    @Test
    void whatIsNotThereOrNotUtf8IsSaid() throws IOException {
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "there is no file",
                () -> Qrels.read(folder.resolve("none.tsv")));
        Path file = Files.write(folder.resolve("latin.tsv"), new byte[]{'q', '\t', (byte) 0xE9, '\t', '1', '\n'});
        Texts.assertRefused(RerankException.Kind.INVALID_REQUEST, "is not UTF-8", () -> Qrels.read(file));
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "cannot be read", () -> Qrels.read(folder));
    }

    @Test
    void whatWasWrittenIsReadBack() {
        Qrels qrels = Qrels.of(Map.of("q 1", Map.of("d\u00e9", 2), "q2", Map.of("x", -1, "y", 0)));
        Path file = folder.resolve("written.tsv");
        qrels.write(file);
        assertEquals(content(qrels), content(Qrels.read(file)));
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "cannot be written",
                () -> qrels.write(folder.resolve("no/such/folder.tsv")));
    }

    private void assertRead(String text) {
        Qrels qrels = read(text);
        assertEquals(expected(), content(qrels));
        assertEquals(List.of("q1", "q2"), List.copyOf(qrels.queries()));
        assertEquals(List.of(), qrels.warnings());
    }

    private void assertRefused(int line, String reason, String text) {
        Path file = Texts.file(folder, "qrels", text);
        Texts.assertRefused(file, line, reason, () -> Qrels.read(file));
    }

    private Qrels read(String text) {
        return Qrels.read(Texts.file(folder, "qrels", text));
    }

    private Path file() {
        return folder.resolve("qrels");
    }

    private static Map<String, Map<String, Integer>> expected() {
        return Map.of("q1", Map.of("d1", 2, "d2", 0), "q2", Map.of("d1", 1));
    }

    private static Map<String, Map<String, Integer>> content(Qrels qrels) {
        return qrels.queries().stream().collect(Collectors.toMap(query -> query, qrels::grades));
    }
}
