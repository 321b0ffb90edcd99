package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterTest {

    private static final int ROUNDS = 6;

    @TempDir
    private Path directory;

    @Test
    void whatWasCommittedSurvivesTheDeathOfTheWriterAtAnyMoment() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int last = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String message = "seed " + seed + ", round " + round;
            int acknowledged = last;
            try (ChildProcess child = new ChildProcess(directory, last + 1)) {
                for (int lines = 1 + random.nextInt(40); lines > 0; lines--) {
                    acknowledged = Integer.parseInt(String.valueOf(child.line()));
                }
                // The moment of death shall fall anywhere between two commits, or into one.
                long moment = System.nanoTime() + random.nextLong(TimeUnit.MILLISECONDS.toNanos(20));
                while (System.nanoTime() < moment) {
                    Thread.onSpinWait();
                }
                child.kill();
                for (String line = child.line(); line != null && !line.isEmpty(); line = child.line()) {
                    acknowledged = Integer.parseInt(line);
                }
            }
            last = committed();
            assertTrue(last >= acknowledged, message + ": " + acknowledged + " was committed, found " + last);
            assertEquals(0, last % ChildProcess.COMMIT_EVERY, message);
            assertHolds(last, message);
        }
        assertTrue(last > 0);
    }

    private int committed() {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(), "en")) {
            return Integer.parseInt(index.marks().getOrDefault(ChildProcess.PROGRESS, "0"));
        }
    }

    private void assertHolds(int last, String message) {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(), "en")) {
            int passages = 0;
            for (int version = Math.max(1, last - ChildProcess.DOCUMENTS + 1); version <= last; version++) {
                List<Passage> document = index.passages(ChildProcess.documentOf(version));
                assertEquals(ChildProcess.document(version), document, message);
                assertEquals(Value.of(version), document.getFirst().metadata().get("version"), message);
                passages += document.size();
            }
            assertEquals(passages, index.size(), message);
            assertEquals(Math.min(last, ChildProcess.DOCUMENTS), index.documentCount(), message);
            assertEquals(passages, index.bm25().retrieve(Query.of("apple"), 1_000, Deadline.none()).size(), message);
            assertEquals(passages, index.vector().retrieve(Query.of("apple"), 1_000, Deadline.none()).size(), message);
        }
    }
}
