package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateReaderTest {

    private static List<Candidate> read(String input) throws IOException {
        return new CandidateReader(new ByteSize(1000))
                .read(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(String input) throws IOException {
        return read(input).stream().map(Candidate::text).toList();
    }

    @Test
    void everyLineIsATextAndBlankOnesAreSkipped() throws IOException {
        assertEquals(List.of("one", " two ", "{not json, because the first line is not"),
                texts("one\n\n \t\r\n two \r\n{not json, because the first line is not"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "passage", "document", "content"})
    void ofJsonlTheTextIsInOneOfFourFields(String field) throws IOException {
        assertEquals(List.of("a b"), texts("\n {\"id\": 1, \"" + field + "\": \"a b\"}\n\n"));
    }

    @Test
    void theModelReadsTitleAndText() throws IOException {
        assertEquals(List.of("T x", "x"), texts("{\"title\":\"T\",\"text\":\"x\"}\n{\"title\":\"\",\"text\":\"x\"}"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        assertEquals(List.of("x"), texts("\ufeff{\"text\":\"x\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\": \"sec", "[1]", "plain", "{} {}", "{\"text\": 5}",
            "{\"title\": \"secret\"}", "\"secret\""})
    void aBrokenLineIsNamedByItsNumberAndNotQuoted(String line) {
        UsageException refusal = assertThrows(UsageException.class, () -> read("{\"text\":\"a\"}\n\n" + line));
        assertTrue(refusal.getMessage().startsWith("line 3 of the input "), refusal.getMessage());
        assertTrue(!refusal.getMessage().contains("secret"), refusal.getMessage());
    }

    @Test
    void tooMuchInputIsRefusedBeforeItFillsTheMemory() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        UsageException refusal = assertThrows(UsageException.class,
                () -> new CandidateReader(new ByteSize(1 << 20)).read(endless));
        assertTrue(refusal.getMessage().contains("at most 1MiB"), refusal.getMessage());
    }

    @Test
    void tooManyCandidatesAreRefused() {
        byte[] many = "x\n".repeat(CandidateReader.MOST + 1).getBytes(StandardCharsets.UTF_8);
        UsageException refusal = assertThrows(UsageException.class,
                () -> new CandidateReader(new ByteSize(1 << 20)).read(new ByteArrayInputStream(many)));
        assertTrue(refusal.getMessage().contains("at most 100,000 candidates"), refusal.getMessage());
    }

    @Test
    void asManyBytesAsAllowedAreRead() throws IOException {
        assertEquals(List.of("x".repeat(1000)), texts("x".repeat(1000)));
    }
}
