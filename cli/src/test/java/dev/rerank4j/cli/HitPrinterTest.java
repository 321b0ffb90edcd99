package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HitPrinterTest {

    private static final Passage LEAVE = new Passage("handbook/leave.md#2", "handbook/leave.md", "Leave",
            "Both parents are entitled to fourteen weeks of paid leave. It begins when they say, at the latest on the "
                    + "first birthday, and can be cut into three parts. "
                    + "More is agreed upon with the team. ".repeat(10),
            new Location("handbook/leave.md", List.of("Parents", "How long"), OptionalInt.of(3), 10, 400), Map.of());
    private static final Passage TICKET = new Passage("T-1", "T-1", "", "Paid leave was not booked.",
            new Location("tickets.jsonl", List.of(), OptionalInt.empty(), 0, 26), Map.of());
    private static final Passage PLAIN = Passage.of("note", "Leave me alone.");

    static SearchResult result() {
        Ranking fused = Ranking.builder("bm25").add(TICKET, 7.25).add(PLAIN, 6).add(LEAVE, 0.5).build();
        Ranking.Builder reranked = Ranking.builder("rerank");
        double[] logits = {-1, -3, 3};
        double[] probabilities = {0.2689, 0.0474, 0.9526};
        for (int i = 0; i < 3; i++) {
            Hit hit = fused.hits().get(i);
            reranked.add(new Hit(hit.passage(), logits[i], OptionalDouble.of(probabilities[i]), hit.evidence()));
        }
        return new SearchResult(reranked.build(), List.of(
                new StageReport.Completed("bm25", Duration.ofNanos(1_250_000), 3),
                new StageReport.Failed("vector", Duration.ofMillis(200),
                        RerankException.Kind.TIMEOUT, "cut off at the deadline"),
                new StageReport.Completed("rerank", Duration.ofNanos(31_049_000), 3)));
    }

    private static String print(SearchResult result, int width, boolean colours, boolean explain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Movement movement = Movement.against(List.of("T-1", "note", "handbook/leave.md#2"), hit -> hit.passage().id(),
                2);
        new HitPrinter(new PrintStream(out, false, StandardCharsets.UTF_8), width, colours, explain)
                .print(result, movement, text -> text.contains("leave")
                        ? List.<int[]>of(new int[]{text.indexOf("leave"), text.indexOf("leave") + 5})
                        : List.of());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aHitIsRankMovementProbabilityHeadingsTheBestLinesAndItsPlace() {
        assertEquals("""
                  1  new  0.95  Leave › Parents › How long
                                Both parents are entitled to fourteen weeks of paid leave. It begins when they say,
                                at the latest on the first birthday, and can be cut into three parts. More is agreed
                                upon with the team. More is agreed upon with the team. More is agreed upon with the …
                                handbook/leave.md · page 3

                  2  ▼1   0.27  T-1
                                Paid leave was not booked.
                                tickets.jsonl · T-1

                  3  ▼1   0.05  note
                                Leave me alone.
                                note
                """, print(result(), 101, false, false));
    }

    @Test
    void explainedItSaysWhatEveryStageSaidAndTook() {
        String printed = print(result(), 100, false, true);
        assertTrue(printed.contains("bm25 3 (0.5000) · rerank 1 (3.00)\n"), printed);
        assertTrue(printed.endsWith("""

                stage         ms  candidates
                bm25         1.3           3
                vector     200.0  failed: cut off at the deadline
                rerank      31.0           3
                """), printed);
    }

    @Test
    void coloursMarkTheWordsAndChangeNothingElse() {
        String coloured = print(result(), 100, true, true);
        assertTrue(coloured.contains("paid \u001b[1;4mleave\u001b[0m."), coloured);
        assertEquals(print(result(), 100, false, true), coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
        assertFalse(print(result(), 100, false, true).contains("\u001b"));
    }

    @Test
    void aScoreStandsWhereThereIsNoProbability() {
        SearchResult first = new SearchResult(Ranking.builder("bm25").add(PLAIN, 12.345).add(TICKET, 0.01234).build(),
                List.of());
        String printed = print(first, 100, false, false);
        assertTrue(printed.contains("12.3  note\n") && printed.contains("0.012 T-1\n"), printed);
    }

    @Test
    void aNarrowTerminalIsNotOverrun() {
        for (String line : print(result(), 40, false, true).split("\n")) {
            assertTrue(TextLayout.columns(line) <= 40 || line.contains("failed"), line);
        }
    }

    @Test
    void nothingFoundPrintsNothing() {
        assertEquals("", print(new SearchResult(Ranking.builder("bm25").build(), List.of()), 100, false, false));
    }
}
