package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class RunTest {

    @TempDir
    private Path folder;

    @Test
    void theScoreOrdersAndNotTheRankNorTheLine() {
        Run run = read("q1 Q0 a 1 0.5 x\nq2 Q0 a 1 1 x\nq1 Q0 b 2 -2 x\nq1\tQ0  c 9 1e1 x\n");
        assertEquals(List.of("c", "a", "b"), run.documents("q1"));
        assertEquals(List.of("q1", "q2"), List.copyOf(run.queries()));
        assertEquals("x", run.name());
        assertEquals(List.of(), run.warnings());
    }

    @Test
    void equalScoresAsFloatsStandByIdDescendingByteByByte() {
        assertEquals(List.of("\u00e9", "x\uD83D\uDE00", "x\uff5e", "x", "b", "a", "B", "10"),
                read("q Q0 x 1 1 t\nq Q0 B 1 1.00000001 t\nq Q0 b 1 1 t\nq Q0 a 1 1.0000000 t\n"
                        + "q Q0 \u00e9 1 1 t\nq Q0 x\uD83D\uDE00 1 1 t\nq Q0 x\uff5e 1 1 t\nq Q0 10 1 1 t\n")
                        .documents("q"));
    }

    @Test
    void zeroAndMinusZeroAreEqual() {
        assertEquals(List.of("c", "b", "a"), read("q Q0 b 1 -0.0 t\nq Q0 a 1 0 t\nq Q0 c 1 0.0 t\n").documents("q"));
    }

    @Test
    void readsAsASlowReaderDoes() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            List<String> lines = new ArrayList<>();
            Map<String, Map<String, Float>> scores = new HashMap<>();
            for (int i = 0; i < 3000; i++) {
                String query = "q" + random.nextInt(7);
                String document = "doc-" + random.nextInt(20_000);
                String score = score(random);
                if (scores.computeIfAbsent(query, id -> new HashMap<>()).putIfAbsent(document,
                        (float) Double.parseDouble(score) + 0f) == null) {
                    lines.add(String.join(random.nextBoolean() ? " " : "\t", query, "Q0", document, "0", score, "t"));
                }
            }
            Collections.shuffle(lines, random);
            Run run = read(String.join("\n", lines));
            assertEquals(scores.keySet(), run.queries());
            for (String query : scores.keySet()) {
                List<String> expected = new ArrayList<>(scores.get(query).keySet());
                expected.sort(Comparator.<String>comparingDouble(document -> -scores.get(query).get(document))
                        .thenComparing((a, b) -> Arrays.compareUnsigned(b.getBytes(StandardCharsets.UTF_8),
                                a.getBytes(StandardCharsets.UTF_8))));
                assertEquals(expected, run.documents(query), "seed " + seed);
            }
        }
    }

    private static String score(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Integer.toString(random.nextInt(-20, 20));
            case 1 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
            case 2 -> Float.toString((float) random.nextGaussian());
            case 3 -> String.format("%.12f", random.nextDouble());
            case 4 -> "+" + random.nextInt(9) + ".";
            case 5 -> random.nextInt(3) + "." + "0".repeat(random.nextInt(1, 30)) + random.nextInt(100);
            case 6 -> "123456789012345678901234567890".substring(random.nextInt(25));
            default -> "-." + random.nextInt(1000);
        };
    }

    @Test
    void byteOrderMarksCarriageReturnsAndBlankLinesDoNotMatter() {
        Run run = read("\uFEFFq1 Q0 a 1 2 t\r\n\r\nq1 Q0 b 2 1 t\r\n");
        assertEquals(Set.of("q1"), run.queries());
        assertEquals(List.of("a", "b"), run.documents("q1"));
        assertEquals("t", run.name());
    }

    @Test
    void ofSeveralTagsTheFirstIsTheName() {
        Run run = read("q Q0 a 1 2 first\nq Q0 b 2 1 second\nq Q0 c 2 0 first\nq Q0 d 2 0 third\n");
        assertEquals("first", run.name());
        assertEquals(List.of(file() + ":2: the run has more than one tag; the first, first, is its name"),
                run.warnings());
    }

    @Test
    void ofADocumentThatIsThereTwiceTheHighestScoreCounts() {
        Run run = read("q Q0 a 1 1 t\nq Q0 b 2 2 t\nq Q0 a 3 3 t\nr Q0 a 1 1 t\n");
        assertEquals(List.of("a", "b"), run.documents("q"));
        assertEquals(List.of("a"), run.documents("r"));
        assertEquals(1, run.warnings().size());
        assertTrue(run.warnings().getFirst().contains("query q has 1 line for documents that it has already"));
    }

    @Test
    void scoresThatAreMissingOrNoNumbersAreRefused() {
        assertRefused(2, "a score must be a number that a float32 can hold, got NaN", "q Q0 a 1 1 t\nq Q0 b 2 NaN t\n");
        assertRefused(1, "got nan", "q Q0 a 1 nan t\n");
        assertRefused(1, "got Infinity", "q Q0 a 1 Infinity t\n");
        assertRefused(1, "got 1e300", "q Q0 a 1 1e300 t\n");
        assertRefused(1, "got 1.5f", "q Q0 a 1 1.5f t\n");
        assertRefused(1, "got -", "q Q0 a 1 - t\n");
        assertRefused(1, "got .", "q Q0 a 1 . t\n");
        assertRefused(1, "got 1.2.3", "q Q0 a 1 1.2.3 t\n");
        assertRefused(3, "six columns (query, Q0, document, rank, score, tag), got 5",
                "q Q0 a 1 1 t\n\nq Q0 b 2 t\nq Q0 c 3 1 t\n");
        assertRefused(1, "got 7", "q Q0 a 1 1 t u\n");
    }

    @Test
    void anEmptyRunIsARun() {
        Run run = read("\n");
        assertEquals(Set.of(), run.queries());
        assertEquals(List.of(), run.documents("q"));
        assertEquals("a.run", run.name());
        assertEquals(List.of(file() + " is empty: a run without any query"), run.warnings());
    }

    @Test
    void whatIsNotThereOrNotUtf8IsSaid() throws IOException {
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "there is no file",
                () -> Run.read(folder.resolve("none.run")));
        Path file = Files.write(folder.resolve("latin.run"), "q Q0 \u00e9 1 1 t".getBytes(StandardCharsets.ISO_8859_1));
        Texts.assertRefused(RerankException.Kind.INVALID_REQUEST, "is not UTF-8", () -> Run.read(file));
    }

    @Test
    void writtenScoresDecreaseStrictlyAndKeepOurOrder() throws IOException {
        Run run = new Run.Builder("our system").add("q1", List.of("a", "b", "c", "d"), 1, 1, 1 - 1e-12, 0.5)
                .add("q2", List.of("z", "y", "x"), 0, 0, -0.0).add("none", List.of())
                .add("q3", List.of("m", "n"), 3e38, 3e38).build();
        StringBuilder out = new StringBuilder();
        run.write(out);
        assertEquals("""
                q1 Q0 a 1 1.0 our_system
                q1 Q0 b 2 0.99999994 our_system
                q1 Q0 c 3 0.9999999 our_system
                q1 Q0 d 4 0.5 our_system
                q2 Q0 z 1 0.0 our_system
                q2 Q0 y 2 -1.4E-45 our_system
                q2 Q0 x 3 -2.8E-45 our_system
                q3 Q0 m 1 3.0E38 our_system
                q3 Q0 n 2 2.9999998E38 our_system
                """, out.toString());
        Path file = folder.resolve("written.run");
        run.write(file);
        assertEquals(out.toString(), Files.readString(file));
        Run again = Run.read(file);
        for (String query : again.queries()) {
            assertEquals(run.documents(query), again.documents(query));
        }
    }

    @Test
    void aRunWithoutScoresKeepsItsOrder() throws IOException {
        StringBuilder out = new StringBuilder();
        Run.of("x", Map.of("q", List.of("c", "a", "b"))).write(out);
        assertEquals("q Q0 c 1 3.0 x\nq Q0 a 2 2.0 x\nq Q0 b 3 1.0 x\n", out.toString());
    }

    @Test
    void idsThatTheFormatCannotHoldAreRefused() {
        assertMessage("a run file cannot hold ids with blanks, got \"a b\"",
                () -> Run.of("x", Map.of("q", List.of("a b"))).write(new StringBuilder()));
        assertMessage("a run file cannot hold ids with blanks, got \"q\tr\"",
                () -> Run.of("x", Map.of("q\tr", List.of("a"))).write(new StringBuilder()));
        Texts.assertRefused(RerankException.Kind.UNAVAILABLE, "cannot be written",
                () -> Run.of("x", Map.of("q", List.of("a"))).write(folder.resolve("no/such/folder.run")));
    }

    @Test
    void aBuilderRefusesWhatIsNoRanking() {
        Run.Builder builder = new Run.Builder("x");
        assertMessage("there must be a score for each document, got 1 for 2",
                () -> builder.add("q", List.of("a", "b"), 1));
        assertMessage("scores must be numbers that do not increase, got [1.0, 2.0]",
                () -> builder.add("q", List.of("a", "b"), 1, 2));
        assertMessage("scores must be numbers that do not increase, got [NaN]",
                () -> builder.add("q", List.of("a"), Double.NaN));
        assertMessage("scores must be numbers that do not increase, got [1.0E300]",
                () -> builder.add("q", List.of("a"), 1e300));
        assertMessage("documents of query q must be there once each", () -> builder.add("q", List.of("a", "a"), 2, 1));
        assertMessage("documents of query q must be there once each",
                () -> Run.of("x", Map.of("q", List.of("a", "a"))));
        assertMessage("name of a run must not be blank", () -> Run.of(" ", Map.of()));
    }

    private static void assertMessage(String message, Executable misuse) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }

    private void assertRefused(int line, String reason, String text) {
        Path file = Texts.file(folder, "a.run", text);
        Texts.assertRefused(file, line, reason, () -> Run.read(file));
    }

    private Run read(String text) {
        return Run.read(Texts.file(folder, "a.run", text));
    }

    private Path file() {
        return folder.resolve("a.run");
    }
}
