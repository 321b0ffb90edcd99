package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.CachedScorer;
import dev.rerank4j.CachedScorer.Score;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.WordScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCacheTest {

    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();

    private final Shell streams = shell.shell();

    private ScoreCache open() {
        return open(ScoreCache.LIMIT);
    }

    private ScoreCache open(long limit) {
        return ScoreCache.open(folder, "tiny/model", limit, new Diagnostics(streams.err(), false));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("scores"))) {
            return files.filter(file -> file.toString().endsWith(".scores")).findFirst().orElseThrow();
        }
    }

    private static Score score(Random random) {
        return new Score(random.nextFloat() * 20 - 10, random.nextBoolean()
                ? OptionalDouble.empty()
                : OptionalDouble.of(random.nextFloat()), random.nextInt(100_000), random.nextBoolean());
    }

    @Test
    void scoresComeBackAsTheyWere() {
        List<Score> scores = new ArrayList<>();
        Random random = new Random(11);
        try (ScoreCache cache = open()) {
            for (int i = 0; i < 5000; i++) {
                scores.add(score(random));
                assertNull(cache.scores().get("key" + i));
                cache.scores().put("key" + i, scores.get(i));
            }
        }
        try (ScoreCache cache = open()) {
            assertEquals(5000, cache.size());
            for (int i = 0; i < 5000; i++) {
                assertEquals(scores.get(i), cache.scores().get("key" + i), "seed 11, key " + i);
            }
        }
        assertEquals("", shell.err());
    }

    @Test
    void aCachedScorerGivesTheSameScoresFromTheFile() {
        ScoreRequest request = ScoreRequest.of("red apple", List.of("a red apple", "a green pear", "a red apple"));
        Scores first;
        try (ScoreCache cache = open()) {
            first = new CachedScorer(new WordScorer(), cache.scores()).score(request);
        }
        try (ScoreCache cache = open(); WordScorer closed = new WordScorer()) {
            closed.close(); // whoever asks it again is refused
            Scores second = new CachedScorer(closed, cache.scores()).score(request);
            assertEquals(List.of(first.logits()[0], first.logits()[1]),
                    List.of(second.logits()[0], second.logits()[1]));
            assertEquals(first.probabilities()[1], second.probabilities()[1]);
            assertEquals(first.cut(), second.cut());
        }
    }

    @Test
    void whatAnotherProcessHoldsIsDoneWithout() {
        try (ScoreCache holder = open(); ScoreCache other = open()) {
            holder.scores().put("a", score(new Random(1)));
            other.scores().put("b", score(new Random(2)));
            assertNull(other.scores().get("a"));
            assertEquals(1, other.size());
            assertTrue(shell.err().contains("is in use by another rerank: this run works without it"), shell.err());
        }
        try (ScoreCache cache = open()) {
            assertEquals(1, cache.size());
        }
    }

    @Test
    void aDamagedFileIsSetAsideAndMadeAnew() throws IOException {
        open().close();
        Files.writeString(file(), "this is no store, ".repeat(2000));
        try (ScoreCache cache = open()) {
            cache.scores().put("a", score(new Random(1)));
            assertEquals(1, cache.size());
        }
        assertTrue(shell.err().contains("is damaged; it is set aside as"), shell.err());
        assertTrue(Files.exists(file().resolveSibling(file().getFileName() + ".damaged")));
        try (ScoreCache cache = open()) {
            assertEquals(1, cache.size());
        }
    }

    @Test
    void aFileThatTurnsOutToBeDamagedDoesNotEndTheRun() throws IOException {
        Random random = new Random(5);
        try (ScoreCache cache = open()) {
            for (int i = 0; i < 20_000; i++) {
                cache.scores().put("key" + i, score(random));
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        for (int i = 3 * 4096; i < bytes.length - 3 * 4096; i += 97) {
            bytes[i] ^= 0x55;
        }
        Files.write(file(), bytes);
        try (ScoreCache cache = open()) {
            for (int i = 0; i < 20_000; i++) {
                cache.scores().get("key" + i);
            }
            Score known = score(random);
            cache.scores().put("new", known);
            assertEquals(known, cache.scores().get("new"));
        }
        assertFalse(shell.err().isEmpty());
        assertFalse(shell.err().contains("Exception"), shell.err());
        TestShell quiet = new TestShell();
        try (ScoreCache cache = ScoreCache.open(folder, "tiny/model", ScoreCache.LIMIT,
                new Diagnostics(quiet.shell().err(), false))) {
            cache.scores().put("again", score(random));
        }
        assertEquals("", quiet.err());
    }

    @Test
    void beyondItsLimitItStartsAnew() throws IOException {
        Random random = new Random(5);
        try (ScoreCache cache = open()) {
            for (int i = 0; i < 20_000; i++) {
                cache.scores().put("key" + i, score(random));
            }
        }
        long before = Files.size(file());
        try (ScoreCache cache = open(100_000)) {
            assertEquals(0, cache.size());
            cache.scores().put("a", score(random));
        }
        assertTrue(shell.err().contains("had outgrown 97.7 KiB and starts anew"), shell.err());
        assertTrue(Files.size(file()) < before, Files.size(file()) + " of " + before);
    }

    @Test
    void aFolderThatCannotBeIsDoneWithout() throws IOException {
        Files.writeString(folder.resolve("scores"), "a file where the folder should be");
        try (ScoreCache cache = open()) {
            cache.scores().put("a", score(new Random(1)));
            assertEquals(1, cache.size());
        }
        assertTrue(shell.err().contains("works without it"), shell.err());
    }
}
