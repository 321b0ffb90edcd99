package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Judgment.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JudgmentsTest {

    @TempDir
    private Path folder;

    @Test
    void readsCommasSemicolonsAndTabs() {
        List<Judgment> expected = List.of(judgment("days off", Kind.FILE, "leave.md", 2, 2),
                judgment("sick, what now", Kind.FILE, "sickness.md", 1, 3));
        assertEquals(expected, read("query,file,grade\ndays off,leave.md,2\n\"sick, what now\",sickness.md,\n"));
        assertEquals(expected, read("query;file;grade\ndays off;leave.md;2\nsick, what now;sickness.md;\n"));
        assertEquals(expected, read("grade\tQuery\tFile\n2\tdays off\tleave.md\n\tsick, what now\tsickness.md\n"));
    }

    @Test
    void byteOrderMarksCarriageReturnsQuotedHeadersAndBlankLinesDoNotMatter() {
        assertEquals(List.of(judgment("a", Kind.ID, "d1", 1, 3), judgment("b", Kind.ID, "d2", 1, 5)),
                read("\uFEFF\"Query\" , \"Document\", \"Remark\"\r\n\r\na, d1, fine\r\n,,\r\nb,d2\r\n"));
    }

    @Test
    void theColumnSaysHowTheTargetIsNamed() {
        for (String column : List.of("document", "id", "passage")) {
            assertEquals(List.of(judgment("a", Kind.ID, "x", 1, 2)), read("query," + column + "\na,x\n"));
        }
        for (String column : List.of("quote", "text")) {
            assertEquals(List.of(judgment("a", Kind.QUOTE, "x", 1, 2)), read("query," + column + "\na,x\n"));
        }
        assertEquals(List.of(judgment("a", Kind.FILE, "f", 1, 2), judgment("a", Kind.QUOTE, "t", 1, 3)),
                read("query,quote,file\na,t,f\na,t,\n"));
    }

    @Test
    void quotationsMayRunOverLines() {
        assertEquals(
                List.of(judgment("a", Kind.QUOTE, "one \"two\"\nthree", -1, 2), judgment("b", Kind.QUOTE, "x", 0, 4)),
                read("query,quote,grade\na,\"one \"\"two\"\"\nthree\",-1\nb,x,0\n"));
    }

    @Test
    void badLinesAreNamed() {
        assertRefused(1,
                "the first line must name the columns: query, and at least one of document, id, file, passage, "
                        + "quote, text",
                "days off,leave.md\n");
        assertRefused(1, "the first line must name the columns", "");
        assertRefused(1, "the first line must name the columns", "query,remark\na,b\n");
        assertRefused(3, "a judgment must have a query", "query,id\na,b\n,b\n");
        assertRefused(2, "a judgment must name what answers the query", "query,id\na,\n");
        assertRefused(2, "a grade must be a whole number, got good", "query,id,grade\na,b,good\n");
        assertRefused(2, "the quotation marks from here on do not pair up", "query,id\n\"a,b\nc,d\n");
        assertRefused(2, "the quotation marks from here on do not pair up", "query,id\n\"a\" b,c\n");
    }

    @Test
    void whatIsNotThereOrNotUtf8IsSaid() throws IOException {
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "there is no file",
                () -> Judgments.read(folder.resolve("none.csv")));
        Path file = Files.write(folder.resolve("latin.csv"),
                "query,id\nfa\u00e7ade,d1\n".getBytes(StandardCharsets.ISO_8859_1));
        Texts.assertRefused(RerankException.Kind.INVALID_REQUEST, "is not UTF-8: save it as such",
                () -> Judgments.read(file));
    }

    @Test
    void aFileWithoutJudgmentsHasNone() {
        assertEquals(List.of(), read("query,id\n"));
    }

    private Judgment judgment(String query, Kind kind, String target, int grade, int line) {
        return new Judgment(query, kind, target, grade, folder.resolve("my.csv"), line);
    }

    private void assertRefused(int line, String reason, String text) {
        Path file = Texts.file(folder, "my.csv", text);
        Texts.assertRefused(file, line, reason, () -> Judgments.read(file));
    }

    private List<Judgment> read(String text) {
        return Judgments.read(Texts.file(folder, "my.csv", text));
    }
}
