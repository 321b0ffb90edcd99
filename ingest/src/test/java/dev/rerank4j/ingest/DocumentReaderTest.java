package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Value;
import dev.rerank4j.ingest.DocumentReader.Options;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import dev.rerank4j.ingest.DocumentReader.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentReaderTest {

    private static final DocumentReader READER = new DocumentReader();

    @TempDir
    private Path folder;

    private final List<Warning> warnings = new ArrayList<>();

    @AfterAll
    static void close() {
        READER.close();
    }

    private List<SectionedDocument> readAll(DocumentReader reader, Path file) {
        List<SectionedDocument> documents = new ArrayList<>();
        reader.read(new SourceFile(file, "docs/" + file.getFileName()), documents::add, warnings::add);
        return documents;
    }

    private SectionedDocument read(Path file) {
        List<SectionedDocument> documents = readAll(READER, file);
        assertEquals(List.of(), warnings);
        assertEquals(1, documents.size());
        return documents.getFirst();
    }

    private String reason(Path file) {
        warnings.clear();
        assertEquals(List.of(), readAll(READER, file));
        assertEquals(1, warnings.size());
        assertEquals("docs/" + file.getFileName(), warnings.getFirst().name());
        assertTrue(warnings.getFirst().reason().matches("[A-Z][^\\n]*[.?]"), warnings.getFirst().reason());
        return warnings.getFirst().reason();
    }

    private static String outline(SectionedDocument document) {
        return MarkdownTest.outline(new Extract(document.document().title(), document.document().text(),
                document.sections(), Optional.empty()));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aTextIsADocumentNamedAfterItsFile() throws IOException {
        Path file = write("leave rules.txt", "\uFEFFThirty days.\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        SectionedDocument document = read(file);
        assertEquals("docs/leave rules.txt", document.document().id());
        assertEquals("docs/leave rules.txt", document.file());
        assertEquals("leave rules", document.document().title());
        assertEquals("Thirty days.\n", document.document().text());
        assertEquals(Map.of("file", Value.of("docs/leave rules.txt"), "format", Value.of("txt"), "modified",
                Value.of(Instant.parse("2026-01-02T03:04:05Z"))), document.document().metadata());
        assertEquals(" > Thirty days.", outline(document));
    }

    @Test
    void aFileWithoutTextHasNoTitleAndSoNoPassage() throws IOException {
        for (String name : List.of("empty.txt", "empty.md", "empty.html", "empty.csv")) {
            SectionedDocument document = read(write(name, name.endsWith("txt") ? " \n" : ""));
            assertEquals("", document.document().title());
            assertEquals(List.of(), Chunker.forWindow(TestTokens.PIECES, 512).chunk(document));
        }
        assertEquals(List.of(), readAll(READER, write("empty.jsonl", "")));
        assertEquals(List.of(), warnings);
    }

    @Test
    void markdownHtmlAndTablesAreReadByTheirStructure() throws IOException {
        assertEquals("Leave > Thirty days.", outline(read(write("a.md", "# Handbook\n\n## Leave\n\nThirty days."))));
        assertEquals("Leave > Thirty days.", outline(
                read(write("a.html", "<h1>Handbook</h1><h2>Leave</h2>Thirty days."))));
        assertEquals(" > City: Berlin; Rate: 28", outline(read(write("a.csv", "City,Rate\nBerlin,28\n"))));
        assertEquals(2, readAll(READER, write("b.csv", "id,text\n1,a\n2,b\n")).size());
        assertEquals(2, readAll(READER, write("b.jsonl",
                "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}")).size());
    }

    @Test
    void aWordFileHasTitleHeadingsAndTables() throws Exception {
        SectionedDocument document = read(Samples.docx(folder.resolve("a.docx")));
        assertEquals("Handbook", document.document().title());
        assertEquals(Value.of("Ann Author"), document.document().metadata().get("author"));
        assertEquals("""
                Handbook

                Welcome.

                Leave

                Thirty days & <more>.

                Sick leave

                Call in.

                City\tRate
                Berlin\t28""", document.document().text());
        assertEquals("""
                 > Welcome.
                Leave > Thirty days & <more>.
                Leave / Sick leave > Call in.\\n\\nCity\tRate\\nBerlin\t28""", outline(document));
    }

    @Test
    void aPresentationHasSlidesAsPages() throws Exception {
        SectionedDocument document = read(Samples.pptx(folder.resolve("a.pptx"), "Review\nBy Ann", "Sales\nUp\nby two",
                "Thanks", "x".repeat(150) + "\nlong"));
        assertEquals("Review", document.document().title());
        assertEquals(" p1 > By Ann\nSales p2 > Up\\n\\nby two\n p3 > Thanks\n p4 > " + "x".repeat(150) + "\\n\\nlong",
                outline(document));
    }

    @Test
    void aWorkbookHasSheetsAsSections() throws Exception {
        SectionedDocument document = read(Samples.xlsx(folder.resolve("prices.xlsx")));
        assertEquals("prices", document.document().title());
        assertEquals("""
                Prices > Prices item 0\t0.5\\nPrices item 1\t1.5
                 > Empty
                Stock > Stock item 0\t0.5\\nStock item 1\t1.5""", outline(document));
    }

    /** The XML parsers of Java 24 and later refuse them by default: each one counts as an entity. */
    @Test
    void ampersandsAreReadHoweverManyThereAre() throws Exception {
        List<String> rows = new Random(1).ints(2_500).mapToObj(number -> number + " & <".repeat(30)).toList();
        SectionedDocument document = read(Samples.sheet(folder.resolve("ampersands.xlsx"), rows));
        assertEquals("Sheet\n\n" + String.join("\n", rows), document.document().text());
    }

    @Test
    void aPdfHasPagesAndKeepsLinesAndParagraphs() throws Exception {
        SectionedDocument document = read(Samples.pdf(folder.resolve("report.pdf"),
                "First line,\nsecond line.\n\nNew para-\ngraph.", "Page two."));
        assertEquals("report", document.document().title());
        assertEquals(" p1 > First line,\\nsecond line.\\n\\nNew para-\\ngraph.\n p2 > Page two.", outline(document));
    }

    @Test
    void aPdfOfPicturesIsADocumentWithAWarning() throws Exception {
        List<SectionedDocument> documents = readAll(READER, Samples.pdf(folder.resolve("scan.pdf"), "", ""));
        assertEquals(List.of(), documents.getFirst().sections());
        assertTrue(warnings.getFirst().reason().contains("text recognition"), warnings.getFirst().reason());
    }

    @Test
    void brokenFilesAreWarningsAndTheNextOneIsRead() throws Exception {
        byte[] pdf = Files.readAllBytes(Samples.pdf(folder.resolve("good.pdf"), "Text."));
        byte[] docx = Files.readAllBytes(Samples.docx(folder.resolve("good.docx")));
        assertTrue(reason(Files.write(folder.resolve("half.docx"), Arrays.copyOf(docx, docx.length / 2)))
                .contains("docx"));
        assertTrue(reason(write("text.pdf", "This is plain text.")).contains("text/plain"));
        assertTrue(reason(write("page.pptx", "<html><body>x</body></html>")).contains("pptx"));
        assertTrue(reason(write("header.pdf", "%PDF-1.7\n" + "x".repeat(1_000))).contains("damaged"));
        assertTrue(reason(Samples.protectedPdf(folder.resolve("secret.pdf"), "Text.")).contains("password"));
        warnings.clear();
        assertEquals(" p1 > Text.", outline(read(Files.write(folder.resolve("again.pdf"), pdf))));
    }

    @Test
    void whatIsNamedButNotThereOrUnknownIsAWarning() throws IOException {
        assertEquals("There is no such file or folder.", reason(folder.resolve("missing.txt")));
        assertEquals("Its format is not known; known are txt, md, html, pdf, docx, pptx, xlsx, csv, jsonl.",
                reason(write("program.exe", "x")));
        assertTrue(reason(folder).contains("folder"));
        assertEquals("It is not a regular file.", reason(Files.createSymbolicLink(folder.resolve("null.txt"),
                Path.of("/dev/null"))));
        Files.createSymbolicLink(folder.resolve("dangling.md"), folder.resolve("gone"));
        assertEquals("There is no such file or folder.", reason(folder.resolve("dangling.md")));
        assertTrue(READER.files(folder).stream().anyMatch(file -> file.name().endsWith("/dangling.md")));
    }

    @Test
    void filesAreReadUpToTheLimit() throws IOException {
        try (DocumentReader reader = new DocumentReader(new Options(10, Duration.ofSeconds(60), 64 << 20))) {
            assertEquals(1, readAll(reader, write("ten.txt", "0123456789")).size());
            assertEquals(List.of(), warnings);
            assertEquals(List.of(), readAll(reader, write("eleven.txt", "0123456789x")));
            assertEquals(List.of(), readAll(reader, write("eleven.pdf", "0123456789x")));
            assertEquals("It has 11 bytes, more than the 10 that a file may have; split it or raise the limit.",
                    warnings.getFirst().reason());
            assertEquals(2, warnings.size());
        }
    }

    @Test
    void anythingAtAllInATextFileIsRead() throws IOException {
        byte[] bytes = new byte[10_000];
        new Random(42).nextBytes(bytes);
        readAll(READER, Files.write(folder.resolve("noise.csv"), bytes));
        readAll(READER, Files.write(folder.resolve("noise.jsonl"), bytes));
        assertFalse(warnings.isEmpty());
        warnings.clear();
        for (String name : List.of("noise.txt", "noise.md", "noise.html")) {
            readAll(READER, Files.write(folder.resolve(name), bytes)).forEach(document -> assertFalse(
                    Chunker.forWindow(TestTokens.PIECES, 512).chunk(document).isEmpty(), name));
        }
        assertEquals("a\u0000b", read(write("nul.txt", "a\u0000b")).document().text());
    }

    @Test
    void whatTheCallerThrowsIsNotSwallowed() throws IOException {
        SourceFile file = new SourceFile(write("a.jsonl", "{\"text\":\"a\"}"), "a.jsonl");
        assertThrows(UnsupportedOperationException.class, () -> READER.read(file, document -> {
            throw new UnsupportedOperationException();
        }, warnings::add));
    }

    @Test
    void afterCloseNothingIsRead() throws IOException {
        DocumentReader reader = new DocumentReader();
        reader.close();
        reader.close();
        Path file = write("a.txt", "a");
        assertThrows(IllegalStateException.class, () -> readAll(reader, file));
    }

    @Test
    void limitsThatMakeNoSenseAreMisuse() {
        assertThrows(IllegalArgumentException.class, () -> new Options(0, Duration.ofSeconds(1), 64 << 20));
        assertThrows(IllegalArgumentException.class, () -> new Options(1, Duration.ZERO, 64 << 20));
        assertThrows(IllegalArgumentException.class, () -> new Options(1, Duration.ofSeconds(1), 1 << 20));
    }
}
