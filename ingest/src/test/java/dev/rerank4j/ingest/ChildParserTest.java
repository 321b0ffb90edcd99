package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ingest.DocumentReader.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child processes, with a parser that does to them what the file says. */
class ChildParserTest {

    private static final ChildSetup WILD = new ChildSetup("<parser class=\"" + WildParser.class.getName() + "\"/>");
    private static final Duration START = Duration.ofSeconds(60);
    private static final long HEAP = 32 << 20;

    @TempDir
    private Path folder;

    private ChildParser parser = new ChildParser(new Options(1 << 20, Duration.ofSeconds(3), HEAP), WILD, START);

    @AfterEach
    void close() {
        parser.close();
        assertEquals(List.of(), children());
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive)
                .filter(child -> child.info().command().orElse("").endsWith("java")).toList();
    }

    private Extract extract(String deed) throws IOException {
        return parser.extract(Files.writeString(folder.resolve("a.pdf"), "%PDF-1.7 " + deed), Format.PDF);
    }

    private String reason(String deed) {
        return assertThrows(Unreadable.class, () -> extract(deed)).getMessage();
    }

    private void assertReads() throws IOException {
        assertEquals("read", extract("read").text());
    }

    @Test
    void theProcessStartsWithTheFirstFileAndServesThemAll() throws IOException {
        assertEquals(List.of(), children());
        assertReads();
        List<ProcessHandle> first = children();
        assertEquals(1, first.size());
        assertReads();
        assertEquals(first, children());
    }

    @Test
    void aParserThatHangsIsCutOff() throws IOException {
        assertTrue(reason("hang").contains("longer than 3000 ms"));
        assertEquals(List.of(), children());
        assertReads();
    }

    @Test
    void aParserThatEatsMemoryIsCutOff() throws IOException {
        assertReads();
        assertTrue(reason("eat").contains("more than the " + HEAP + " bytes"));
        assertReads();
    }

    @Test
    void aParserThatKillsItsProcessIsAWarning() throws IOException {
        assertTrue(reason("die").contains("died"));
        assertReads();
    }

    @Test
    void aParserThatThrowsIsAWarningThatQuotesNothing() throws IOException {
        assertEquals("It is damaged, or no pdf file at all; save it again in its program.", reason("throw"));
        assertReads();
    }

    @Test
    void aParserThatPrintsDoesNotDisturb() throws IOException {
        assertEquals("print", extract("print").text());
        assertReads();
    }

    @Test
    void moreTextThanAnybodyReadsIsAWarning() throws IOException {
        parser = new ChildParser(new Options(1 << 20, Duration.ofSeconds(60), 512 << 20), WILD, START);
        assertTrue(reason("talk" + " ".repeat(1_000_000)).contains("16777216 characters"));
        assertTrue(reason("talk").contains("unpacks"));
        assertReads();
    }

    @Test
    void aProcessThatWasKilledBetweenTwoFilesIsReplaced() throws IOException {
        assertReads();
        children().forEach(ProcessHandle::destroyForcibly);
        assertReads();
    }

    @Test
    void aProcessThatWasStoppedBetweenTwoFilesIsReplaced() throws Exception {
        assertReads();
        ProcessHandle stopped = children().getFirst();
        assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(stopped.pid())).start().waitFor());
        assertReads();
        assertFalse(stopped.isAlive());
    }

    @Test
    void closingWhileNothingRunsIsFineAndFinal() {
        parser.close();
        parser.close();
        assertThrows(IllegalStateException.class, () -> extract("read"));
    }

    @Test
    void anInterruptEndsTheWaitAndTheProcess() throws Exception {
        assertReads();
        FutureTask<Boolean> reading = new FutureTask<>(() -> {
            Throwable failure = assertThrows(RerankException.class, () -> extract("hang"));
            assertInstanceOf(InterruptedException.class, failure.getCause());
            return Thread.currentThread().isInterrupted();
        });
        Thread reader = Thread.ofPlatform().start(reading);
        reader.interrupt();
        assertTrue(reading.get());
        assertEquals(List.of(), children());
        assertReads();
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        Set<Path> before = folders();
        assertReads();
        assertFalse(before.containsAll(folders()));
        reason("hang");
        reason("die");
        assertReads();
        parser.close();
        assertTrue(before.containsAll(folders()));
    }

    private static Set<Path> folders() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("rerank4j-ingest"))
                    .collect(Collectors.toSet());
        }
    }
}
