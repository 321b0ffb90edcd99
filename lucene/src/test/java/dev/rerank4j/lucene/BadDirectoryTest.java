package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class BadDirectoryTest {

    @TempDir
    private Path folder;

    @Test
    void aFileIsNoIndex() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        fails(file + " is a file, an index is a directory: choose another place for the index", () -> open(file));
        assertFalse(LuceneIndex.exists(file));
    }

    @Test
    void aFolderWithinAFileCannotBeMade() throws Exception {
        Path inside = Files.writeString(folder.resolve("file"), "text").resolve("index");
        try (LuceneIndex index = open(inside)) {
            fails("index " + inside + " cannot be written", () -> index.add(apple("a")));
        }
    }

    @Test
    void searchingWhereThereIsNoIndexSaysHowToMakeOne() throws Exception {
        for (Path directory : List.of(folder.resolve("missing"), Files.createDirectory(folder.resolve("empty")))) {
            assertFalse(LuceneIndex.exists(directory));
            try (LuceneIndex index = open(directory)) {
                String message = "no index in " + directory + ": make one with rerank index --index " + directory
                        + " PATH...";
                assertEquals(message, fails(message, () -> search(index)));
                fails(message, () -> index.vector().retrieve(Query.of("apple"), 1, Deadline.none()));
                index.add(apple("a"));
                fails(message, () -> search(index));
                index.commit();
                assertEquals(1, search(index));
            }
        }
    }

    @Test
    void anotherEncoderLanguageOrDimensionIsRefusedWithWhatToDo() {
        Path directory = committed("index", "a");
        fails("index " + directory + " was written with encoder words-32, this one is other: index again into a new "
                + "directory, or choose that encoder",
                () -> LuceneIndex.open(directory, new WordEncoder("other"), "en"));
        fails("index " + directory + " was written with language en, this one is with language de: index again into a "
                + "new directory, or choose that language", () -> LuceneIndex.open(directory, new WordEncoder(), "de"));
        fails("this one is with no language", () -> LuceneIndex.open(directory, new WordEncoder(), ""));
        Encoder longer = new Encoder() {
            @Override
            public String name() {
                return "words-32";
            }

            @Override
            public int dimension() {
                return 33;
            }

            @Override
            public float[] query(String text) {
                throw new AssertionError();
            }

            @Override
            public float[][] passages(List<String> texts) {
                throw new AssertionError();
            }

            @Override
            public void close() {
            }
        };
        fails("was written with vectors of 32 numbers, those of encoder words-32 have 33",
                () -> LuceneIndex.open(directory, longer, "en"));
        assertTrue(LuceneIndex.exists(directory));
        try (LuceneIndex index = open(directory)) {
            assertEquals(1, search(index));
        }
    }

    @Test
    void anIndexMadeAnewWithAnotherEncoderWhileOpenIsRefusedToo() {
        Path directory = folder.resolve("index");
        try (LuceneIndex early = open(directory)) {
            try (LuceneIndex other = LuceneIndex.open(directory, new WordEncoder("other"), "en")) {
                other.add(apple("a"));
                other.commit();
            }
            fails("was written with encoder other", () -> search(early));
            fails("was written with encoder other", () -> early.add(apple("b")));
        }
    }

    @Test
    void anotherFormatAndAForeignIndexAreRefused() throws Exception {
        Path newer = folder.resolve("newer");
        foreign(newer, Map.of("rerank4j.format", "999"));
        fails("index " + newer + " has format 999, this version reads format 1: index again into a new directory",
                () -> open(newer));
        Path foreign = folder.resolve("foreign");
        foreign(foreign, Map.of());
        fails(foreign + " holds a Lucene index that Rerank4j did not write: choose another directory",
                () -> open(foreign));
    }

    @Test
    void whatIsBeingWrittenByAnotherProcessCanBeSearchedAndNotWritten() throws Exception {
        Path directory = committed("index", "a");
        try (LuceneIndex index = open(directory)) {
            try (ChildProcess child = new ChildProcess(directory, 0)) {
                assertEquals("held", child.line());
                assertEquals(1, search(index));
                fails("index " + directory + " is being written by another process", () -> index.add(apple("b")));
                fails("index " + directory + " is being written by another process", () -> index.delete("a"));
                child.kill();
            }
            index.add(apple("b"));
            index.commit();
            assertEquals(2, search(index));
        }
    }

    @Test
    void whatAnotherOpenIndexWritesCanBeWrittenOnceItIsClosed() {
        Path directory = folder.resolve("index");
        try (LuceneIndex second = open(directory)) {
            try (LuceneIndex first = open(directory)) {
                first.add(apple("a"));
                fails("is being written by another open index of this process", () -> second.add(apple("b")));
            }
            second.add(apple("b"));
            second.commit();
            assertEquals(1, search(second));
        }
    }

    @Test
    void aReadOnlyDirectoryCanBeSearchedAndNotWritten() throws Exception {
        try (Mount mount = new Mount(folder.resolve("disk"), "8m")) {
            Path directory = mount.path.resolve("index");
            try (LuceneIndex index = open(directory)) {
                index.add(apple("a"));
                index.commit();
            }
            mount.remount("ro");
            try (LuceneIndex index = open(directory)) {
                assertEquals(1, search(index));
                index.commit(); // of nothing
                fails("index " + directory + " is read-only: it can be searched; writing needs a directory that can be "
                        + "written", () -> index.add(apple("b")));
                assertEquals(1, search(index));
            }
            Path missing = mount.path.resolve("missing");
            try (LuceneIndex index = open(missing)) {
                fails("index " + missing + " cannot be written", () -> index.add(apple("b")));
            }
        }
    }

    @Test
    void whenNoSpaceIsLeftTheLastCommitStaysAndWritingWorksAgainWithMoreSpace() throws Exception {
        try (Mount mount = new Mount(folder.resolve("disk"), "2m")) {
            Path directory = mount.path.resolve("index");
            int size;
            try (LuceneIndex index = open(directory)) {
                index.add(apple("a"));
                index.commit();
                String message = fails("no space left for index " + directory, () -> {
                    Random random = new Random(1);
                    for (int i = 0; i < 100; i++) {
                        index.add(List.of(Passage.of("big" + i, noise(random, 100_000))));
                        index.commit();
                    }
                });
                size = index.size();
                assertTrue(size >= 1 && size < 100, "committed before the space ran out: " + size);
                assertEquals(1, search(index));
                assertEquals(message, fails("no space left", () -> index.add(apple("b"))));
                assertEquals(message, fails("no space left", index::commit));
                mount.remount("size=64m");
            }
            try (LuceneIndex again = open(directory)) {
                assertEquals(size, again.size());
                again.add(apple("b"));
                again.commit();
                assertEquals(size + 1, again.size());
                assertEquals(2, search(again));
            }
        }
    }

    @Test
    void leftoversOfAnUnfinishedFirstCommitAreNoIndexAndDoNotDisturb() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("index"));
        Files.writeString(directory.resolve("pending_segments_1"), "half");
        Files.writeString(directory.resolve("_0.cfs"), "half");
        Files.createFile(directory.resolve("write.lock"));
        try (LuceneIndex index = open(directory)) {
            fails("no index in " + directory, () -> search(index));
            index.add(apple("a"));
            index.commit();
            assertEquals(1, search(index));
        }
    }

    @Test
    void truncatedFilesAreASentenceAndNotAWrongAnswer() throws Exception {
        Path directory = committed("index", "a", "b", "c");
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> !file.endsWith("write.lock")).sorted().toList();
        }
        assertTrue(files.size() >= 3);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Path copy = copy(files, "copy" + seed);
            Path victim = copy.resolve(files.get(random.nextInt(files.size())).getFileName());
            long length = Files.size(victim);
            long cut = random.nextInt(4) == 0 ? 0 : random.nextLong(length);
            try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
                file.setLength(cut);
            }
            String message = "seed " + seed + ", " + victim.getFileName() + " cut to " + cut + " of " + length;
            RerankException e = assertThrows(RerankException.class, () -> open(copy), message);
            assertEquals(Kind.UNAVAILABLE, e.kind(), message);
            assertTrue(e.getMessage().contains("index again into a new directory"), message + ": " + e.getMessage());
        }
    }

    @Test
    void aMissingFileIsASentence() throws Exception {
        Path directory = committed("index", "a");
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.filter(f -> f.getFileName().toString().startsWith("_")).toList()) {
                Files.delete(file);
            }
        }
        fails("index " + directory + " is damaged: index again into a new directory", () -> open(directory));
    }

    @Test
    void anInterruptedWriterSaysSoAndTheLastCommitStays() {
        Path directory = committed("index", "a");
        try (LuceneIndex index = open(directory)) {
            index.add(apple("b"));
            Thread.currentThread().interrupt();
            fails("writing index " + directory + " was interrupted", index::commit);
            assertTrue(Thread.interrupted());
        }
        try (LuceneIndex index = open(directory)) {
            assertEquals(1, search(index));
            index.add(apple("b"));
            index.commit();
            assertEquals(2, search(index));
        }
    }

    private Path committed(String name, String... documents) {
        Path directory = folder.resolve(name);
        try (LuceneIndex index = open(directory)) {
            for (String document : documents) {
                index.add(apple(document));
                index.mark(document, "x");
            }
            index.commit();
        }
        return directory;
    }

    private Path copy(List<Path> files, String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        for (Path file : files) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    private static void foreign(Path directory, Map<String, String> userData) throws IOException {
        try (FSDirectory files = FSDirectory.open(directory);
                IndexWriter writer = new IndexWriter(files, new IndexWriterConfig())) {
            writer.addDocument(new Document());
            writer.setLiveCommitData(userData.entrySet());
            writer.commit();
        }
    }

    private static LuceneIndex open(Path directory) {
        return LuceneIndex.open(directory, new WordEncoder(), "en");
    }

    private static int search(LuceneIndex index) {
        return index.bm25().retrieve(Query.of("apple"), 100, Deadline.none()).size();
    }

    private static List<Passage> apple(String id) {
        return List.of(Passage.of(id, "apple"));
    }

    private static String noise(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(Long.toString(random.nextLong(), 36)).append(' ');
        }
        return text.toString();
    }

    private static String fails(String start, Executable action) {
        RerankException e = assertThrows(RerankException.class, action);
        String message = String.valueOf(e.getMessage());
        assertEquals(Kind.UNAVAILABLE, e.kind(), message);
        assertTrue(message.contains(start), message);
        return message;
    }

    /** A small file system in memory; the test is skipped where it may not be made. */
    private static final class Mount implements AutoCloseable {

        private final Path path;

        Mount(Path path, String size) throws IOException {
            this.path = Files.createDirectory(path);
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()),
                    "mounting is not allowed here");
        }

        void remount(String option) {
            assertTrue(run("mount", "-o", "remount," + option, path.toString()));
        }

        @Override
        public void close() {
            assertTrue(run("umount", path.toString()) || run("umount", "-l", path.toString()));
        }

        private static boolean run(String... command) {
            try {
                return new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
            } catch (IOException notThere) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
