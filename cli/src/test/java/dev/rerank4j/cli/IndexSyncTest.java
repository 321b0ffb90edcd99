package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexSyncTest {

    private static final Chunker CHUNKER = Chunker.structured(WordEncoder::starts, 24, 2);

    private static final Progress NOBODY_WATCHES = new Progress() {
        @Override
        public void start(int files, long bytes) {
            // nobody watches
        }

        @Override
        public void at(long bytes, long passages) {
            // nobody watches
        }
    };

    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();
    private WordEncoder encoder = new WordEncoder();
    private Path docs;
    private Path directory;

    @BeforeEach
    void makeFolders() throws IOException {
        docs = Files.createDirectory(folder.resolve("docs"));
        directory = folder.resolve("index");
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(docs.resolve(name).getParent());
        Files.writeString(docs.resolve(name), text);
    }

    private static String line(String id, String text) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}\n";
    }

    private SyncReport sync() {
        return sync(directory, "s", () -> false, System::nanoTime, docs);
    }

    private SyncReport sync(Path into, String settings, BooleanSupplier stop, LongSupplier nanoTime,
            Path... roots) {
        try (LuceneIndex index = LuceneIndex.open(into, encoder, "en"); DocumentReader reader = new DocumentReader()) {
            return new IndexSync(new EmbeddedIndex(index), reader, CHUNKER, new Diagnostics(shell.shell().err(), false),
                    NOBODY_WATCHES,
                    stop, nanoTime).run(List.of(roots), settings);
        }
    }

    /** What is in the index: documents by id, as file and text. */
    private Map<String, String> contents(Path of) throws IOException {
        try (LuceneIndex index = LuceneIndex.open(of, encoder, "en")) {
            Map<String, String> contents = new TreeMap<>();
            for (String file : names(index)) {
                for (String id : index.documents(file).keySet()) {
                    List<Passage> passages = index.passages(id);
                    contents.put(id, passages.getFirst().location().file().replace(docs + "/", "") + ": "
                            + String.join(" | ", passages.stream().map(Passage::text).toList()));
                }
            }
            assertEquals(contents.size(), index.documentCount());
            return contents;
        }
    }

    private List<String> names(LuceneIndex index) throws IOException {
        List<String> names = new ArrayList<>(index.marks().keySet());
        try (Stream<Path> files = Files.walk(docs)) {
            files.filter(Files::isRegularFile).map(Path::toString).filter(name -> !names.contains(name))
                    .forEach(names::add);
        }
        return names;
    }

    @Test
    void whatIsThereIsAddedAndASecondRunDoesNothing() throws IOException {
        write("a.md", "# A\nalpha beta");
        write("sub/b.jsonl", line("b1", "gamma") + line("b2", "delta"));
        SyncReport first = sync();
        assertEquals(List.of(3, 3, 0, 0, 3), List.of(first.documents(), first.added(), first.changed(), first.removed(),
                first.passages()));
        assertEquals(Map.of("b1", "sub/b.jsonl: gamma", "b2", "sub/b.jsonl: delta", docs + "/a.md", "a.md: alpha beta"),
                contents(directory));
        int encoded = encoder.seen.size();
        Map<Path, Long> before = sizes();
        SyncReport second = sync();
        assertNothingDone(second);
        assertEquals(3, second.documents());
        assertEquals(encoded, encoder.seen.size());
        assertEquals(before, sizes(), "an index that is up to date is not written to");
    }

    private static void assertNothingDone(SyncReport report) {
        assertEquals(List.of(0, 0, 0, 0), List.of(report.added(), report.changed(), report.removed(),
                report.written()));
    }

    private Map<Path, Long> sizes() throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                sizes.put(file, Files.getLastModifiedTime(file).toMillis());
            }
        }
        return sizes;
    }

    @Test
    void ofAChangedFileOnlyTheChangedDocumentsAreEncoded() throws IOException {
        write("a.jsonl", line("1", "one") + line("2", "two") + line("3", "three"));
        sync();
        encoder = new WordEncoder();
        write("a.jsonl", line("1", "one") + line("2", "zwei") + line("4", "four"));
        SyncReport report = sync();
        assertEquals(List.of("zwei", "four"), encoder.seen);
        assertEquals(List.of(1, 1, 1, 3), List.of(report.added(), report.changed(), report.removed(),
                report.documents()));
        assertEquals(Map.of("1", "a.jsonl: one", "2", "a.jsonl: zwei", "4", "a.jsonl: four"), contents(directory));
    }

    @Test
    void whatIsGoneIsRemovedButNotWhatLiesElsewhere() throws IOException {
        write("one/a.md", "alpha");
        write("one/b.md", "beta");
        write("two/c.md", "gamma");
        sync(directory, "s", () -> false, System::nanoTime, docs.resolve("one"));
        sync(directory, "s", () -> false, System::nanoTime, docs.resolve("two"));
        Files.delete(docs.resolve("one/b.md"));
        Files.delete(docs.resolve("two/c.md"));
        SyncReport report = sync(directory, "s", () -> false, System::nanoTime, docs.resolve("one"));
        assertEquals(1, report.removed());
        assertEquals(List.of(docs + "/one/a.md", docs + "/two/c.md"), List.copyOf(contents(directory).keySet()));
    }

    @Test
    void aFileNamedTwiceIsReadOnce() throws IOException {
        write("a.md", "alpha");
        sync(directory, "s", () -> false, System::nanoTime, docs, docs.resolve("a.md"), docs.resolve("../docs"));
        assertEquals(1, contents(directory).size());
        assertEquals("", shell.err());
    }

    @Test
    void ofDocumentsWithOneIdThatOfTheFirstFileCounts() throws IOException {
        write("b.jsonl", line("x", "second") + line("y", "only"));
        sync();
        write("a.jsonl", line("x", "first"));
        sync();
        assertEquals(Map.of("x", "a.jsonl: first", "y", "b.jsonl: only"), contents(directory));
        assertEquals("warning: " + docs + "/b.jsonl: document x is also in " + docs + "/a.jsonl; that one counts\n",
                shell.err());
        sync();
        assertEquals(1, shell.err().lines().count(), "what has not changed is not complained about again");
        Files.delete(docs.resolve("a.jsonl"));
        sync();
        assertEquals(Map.of("x", "b.jsonl: second", "y", "b.jsonl: only"), contents(directory));
    }

    @Test
    void aDocumentThatMovesToAnotherFileStays() throws IOException {
        write("b.jsonl", line("x", "text") + line("y", "other"));
        sync();
        write("b.jsonl", line("y", "other"));
        write("c.jsonl", line("x", "text"));
        SyncReport report = sync();
        assertEquals(Map.of("x", "c.jsonl: text", "y", "b.jsonl: other"), contents(directory));
        assertEquals(2, report.documents());
    }

    @Test
    void otherSettingsReadEverythingAgainButEncodeOnlyWhatIsCutOtherwise() throws IOException {
        write("a.jsonl", line("1", "one") + line("2", "two"));
        sync();
        encoder = new WordEncoder();
        SyncReport report = sync(directory, "t", () -> false, System::nanoTime, docs);
        assertNothingDone(report);
        assertEquals(List.of(), encoder.seen);
        assertNothingDone(sync(directory, "t", () -> false, System::nanoTime, docs));
    }

    @Test
    void aBrokenFileOrDocumentIsAWarningAndTheRestGoesOn() throws IOException {
        write("a.jsonl", line("1", "one") + "{broken\n" + line("2", "two"));
        write("b.pdf", "no pdf at all");
        // The passages of c.jsonl's first document would have the id of its second.
        write("c.jsonl", line("c", "word ".repeat(40)) + line("c#1", "taken"));
        sync();
        assertTrue(contents(directory).keySet().containsAll(List.of("1", "2", "c")), contents(directory)::toString);
        assertEquals(3, shell.err().lines().count(), shell::err);
        assertTrue(shell.err().contains("a.jsonl:2: ") && shell.err().contains("b.pdf: ") && shell.err()
                .contains("c#1"),
                shell.err());
        assertNothingDone(sync());
    }

    @Test
    void emptyDocumentsAreNoDocuments() throws IOException {
        write("empty.txt", "");
        write("blank.md", " \n\t\n");
        write("a.jsonl", line("1", "") + line("2", "  ") + line("3", "three"));
        assertEquals(1, sync().documents());
        assertEquals(Map.of("3", "a.jsonl: three"), contents(directory));
    }

    @Test
    void aFolderThatCannotBeListedIsNotGone() throws IOException {
        write("sub/a.md", "alpha");
        sync();
        Files.delete(docs.resolve("sub/a.md"));
        Files.delete(docs.resolve("sub"));
        // A file in the folder's place that cannot be read: its name stands where the folder's stood.
        Files.createSymbolicLink(docs.resolve("sub.md"), docs.resolve("nowhere"));
        SyncPlan plan = SyncPlan.of(List.of(docs), new DocumentReader(), Map.of(docs + "/sub.md/a.md", "s:1"), "s",
                warning -> assertTrue(warning.reason().contains("cannot be read"), warning.reason()));
        assertTrue(plan.isEmpty());
    }

    /**
     * Whatever happens to the files, and whenever runs are stopped or die: a run that comes to its end leaves the index
     * as a fresh one would be, and nothing in between shows half a document.
     */
    @Test
    void afterAnyHistoryTheIndexIsAsAFreshOne() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int history = 0; history < 5; history++) {
            Path into = folder.resolve("index" + history);
            for (int run = 0; run < 6; run++) {
                mutate(random);
                disturb(random, into, "seed " + seed);
            }
            encoder = new WordEncoder();
            sync(into, "s", () -> false, System::nanoTime, docs);
            Path fresh = folder.resolve("fresh" + history);
            sync(fresh, "s", () -> false, System::nanoTime, docs);
            assertEquals(contents(fresh), contents(into), "seed " + seed);
            encoder = new WordEncoder();
            assertNothingDone(sync(into, "s", () -> false, System::nanoTime, docs));
            assertEquals(List.of(), encoder.seen, "seed " + seed);
        }
    }

    private void mutate(Random random) throws IOException {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Path file = docs.resolve("abcd".charAt(random.nextInt(4)) + ".jsonl");
            if (random.nextInt(4) == 0) {
                Files.deleteIfExists(file);
            } else {
                StringBuilder lines = new StringBuilder();
                for (int n = random.nextInt(40); n > 0; n--) {
                    String word = " w" + random.nextInt(3);
                    lines.append(line("d" + random.nextInt(60), word.repeat(1 + random.nextInt(40)).strip()));
                }
                Files.writeString(file, lines);
            }
        }
    }

    /** A run that is stopped, or dies, or neither; every batch may be the last before a commit. */
    private void disturb(Random random, Path into, String seed) throws IOException {
        AtomicLong clock = new AtomicLong();
        AtomicInteger questions = new AtomicInteger(random.nextInt(8));
        BooleanSupplier stop = random.nextBoolean() ? () -> questions.getAndDecrement() <= 0 : () -> false;
        encoder = new WordEncoder();
        if (random.nextInt(3) == 0) {
            encoder.failAfter(random.nextInt(3));
            try {
                sync(into, "s", stop, () -> clock.addAndGet(31_000_000_000L), docs);
            } catch (IllegalStateException died) {
                assertEquals("told to fail", died.getMessage(), seed);
            } catch (RerankException died) {
                assertTrue(died.getMessage() != null, seed);
            }
        } else {
            sync(into, "s", stop, () -> clock.addAndGet(31_000_000_000L), docs);
        }
    }

    @Test
    void stoppedItKeepsWhatIsDoneAndGoesOnFromThere() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lines.append(line("d" + i, "text number " + i));
        }
        write("a.jsonl", lines.toString());
        AtomicInteger questions = new AtomicInteger(2);
        SyncReport stopped = sync(directory, "s", () -> questions.getAndDecrement() <= 0, System::nanoTime, docs);
        assertTrue(stopped.stopped());
        assertTrue(stopped.written() > 0 && stopped.written() < 200, "" + stopped.written());
        assertEquals(stopped.written(), stopped.passages());
        encoder = new WordEncoder();
        SyncReport rest = sync();
        assertFalse(rest.stopped());
        assertEquals(200, rest.documents());
        assertEquals(200 - stopped.written(), encoder.seen.size());
    }

    @Test
    void aModelThatFailsEndsTheRunWithWhatWasCommitted() throws IOException {
        write("a.jsonl", line("1", "one"));
        sync();
        write("b.jsonl", line("2", "two"));
        encoder.failAfter(0);
        assertThrows(RuntimeException.class, this::sync);
        assertEquals(Map.of("1", "a.jsonl: one"), contents(directory));
    }
}
