package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RerankCommandTest {

    /** The longer the text, the better. */
    private record LengthScorer(boolean calibrated) implements Scorer {

        @Override
        public String name() {
            return "length";
        }

        @Override
        public Scores score(ScoreRequest request) {
            int n = request.texts().size();
            float[] logits = new float[n];
            float[] probabilities = new float[calibrated ? n : 0];
            for (int i = 0; i < n; i++) {
                logits[i] = request.texts().get(i).length();
                if (calibrated) {
                    probabilities[i] = logits[i] / 16;
                }
            }
            return new Scores(logits, probabilities, new int[n], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
            // nothing to free
        }
    }

    private static int run(TestShell shell, boolean calibrated, String... args) {
        return new CommandLine(new RerankCommand(shell.shell(), (model, downloads) -> new LengthScorer(calibrated)))
                .execute(args);
    }

    @Test
    void linesComeOutBestFirstAsTheyWere() {
        TestShell shell = new TestShell().input("bb\n\n  a \nccc");
        assertEquals(0, run(shell, true, "query"));
        assertEquals("  a \nccc\nbb\n", shell.out());
        assertEquals("", shell.err());
    }

    @Test
    void equallyGoodLinesStayInTheirOrder() {
        TestShell shell = new TestShell().input("b\na\nc\nd\na");
        run(shell, true, "query");
        assertEquals("b\na\nc\nd\na\n", shell.out());
    }

    @Test
    void scoresStandBeforeTheLines() {
        TestShell shell = new TestShell().input("a\nbbbb");
        run(shell, true, "query", "--scores");
        assertEquals("0.250\tbbbb\n0.063\ta\n", shell.out());
        TestShell uncalibrated = new TestShell().input("a\nbbbb");
        run(uncalibrated, false, "query", "--scores");
        assertEquals("4.000\tbbbb\n1.000\ta\n", uncalibrated.out());
    }

    @Test
    void theLimitCutsTheEnd() {
        TestShell shell = new TestShell().input("a\nbbb\ncc");
        run(shell, true, "query", "--limit", "2");
        assertEquals("bbb\ncc\n", shell.out());
    }

    @Test
    void objectsComeOutAsTheyWereWithThreeFieldsMore() {
        TestShell shell = new TestShell()
                .input("""
                        {"id": 7, "text": "a", "price": 1.10, "big": 12345678901234567890, "deep": {"x": [null, true]}, "rank": "old"}
                        {"passage": "bbbb", "title": "t"}
                        """);
        run(shell, true, "query");
        assertEquals(
                """
                        {"passage":"bbbb","title":"t","rank":1,"score":6.0,"probability":0.375}
                        {"id":7,"text":"a","price":1.10,"big":12345678901234567890,"deep":{"x":[null,true]},"rank":2,"score":1.0,"probability":0.0625}
                        """,
                shell.out());
    }

    @Test
    void withoutACalibratedModelTheProbabilityIsNull() {
        TestShell shell = new TestShell().input("{\"text\": \"a\"}");
        run(shell, false, "query");
        assertEquals("{\"text\":\"a\",\"rank\":1,\"score\":1.0,\"probability\":null}\n", shell.out());
    }

    /** One model likes long texts, the other short ones; one of them may fail. */
    private static int cascade(TestShell shell, boolean broken, String... args) {
        return new CommandLine(new RerankCommand(shell.shell(),
                (model, downloads) -> model instanceof ModelName.BuiltIn
                        ? new LengthScorer(true)
                        : new ShortScorer(broken)))
                .execute(args);
    }

    private record ShortScorer(boolean broken) implements Scorer {

        @Override
        public String name() {
            return "short";
        }

        @Override
        public Scores score(ScoreRequest request) {
            if (broken) {
                throw new RerankException(RerankException.Kind.MODEL, "no memory");
            }
            float[] logits = new float[request.texts().size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = -request.texts().get(i).length();
            }
            return new Scores(logits, new float[0], new int[logits.length], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
            // nothing to free
        }
    }

    @Test
    void theSecondModelOfACascadeReadsTheBestOfTheFirstWhichReadsAll() {
        TestShell shell = new TestShell().input("a\nbb\ndddd\nccc\ncccc");
        assertEquals(0, cascade(shell, false, "query", "--cascade", "built-in=2," + "target=2"), shell::err);
        assertEquals("dddd\ncccc\nccc\nbb\na\n", shell.out());
        TestShell three = new TestShell().input("a\nbb\ndddd\nccc\ncccc");
        assertEquals(0, cascade(three, false, "query", "--cascade", "built-in=9,target=3", "--json", "--limit", "4"));
        assertEquals("""
                {"text":"ccc","rank":1,"score":-3.0,"probability":0.1875,"stage":2}
                {"text":"dddd","rank":2,"score":-4.0,"probability":0.25,"stage":2}
                {"text":"cccc","rank":3,"score":-4.0,"probability":0.25,"stage":2}
                {"text":"bb","rank":4,"score":2.0,"probability":0.125,"stage":1}
                """, three.out());
    }

    @Test
    void whereTheSecondModelFailsTheOrderOfTheFirstIsPrintedAndSaidToBe() {
        TestShell shell = new TestShell().input("a\nccc\nbb");
        assertEquals(0, cascade(shell, true, "query", "--cascade", "built-in=9,target=3"));
        assertEquals("ccc\nbb\na\n", shell.out());
        assertEquals("warning: this order is not the best there is: short failed: no memory\n", shell.err());
        TestShell first = new TestShell().input("a\nccc\nbb");
        assertEquals(1, cascade(first, true, "query", "--cascade", "target=9,built-in=3"));
        assertEquals("", first.out());
    }

    @Test
    void linesBecomeObjectsIfWanted() {
        TestShell shell = new TestShell().input("a \"b\"");
        run(shell, true, "query", "--json");
        assertEquals("{\"text\":\"a \\\"b\\\"\",\"rank\":1,\"score\":5.0,\"probability\":0.3125}\n", shell.out());
    }

    @Test
    void moreThanOneSliceIsOneRanking() {
        StringBuilder input = new StringBuilder();
        for (int i = 1; i <= 2500; i++) {
            input.append("x".repeat(i % 16 == 0 ? 16 : i % 16)).append('\n');
        }
        TestShell shell = new TestShell().input(input.toString());
        run(shell, true, "query");
        assertEquals(2500, shell.out().lines().count());
        assertEquals(16, shell.out().lines().findFirst().orElseThrow().length());
        String last = shell.out().lines().reduce((a, b) -> b).orElseThrow();
        assertEquals("x", last);
    }

    @Test
    void noInputIsNothingFound() {
        TestShell shell = new TestShell().input("\n \n");
        assertEquals(1, run(shell, true, "query"));
        assertEquals("", shell.out());
        assertTrue(shell.err().contains("no candidates"), shell.err());
    }

    @Test
    void atATerminalItSaysWhatItWaitsFor() {
        TestShell shell = new TestShell().input("a").terminals(Shell.Stream.IN);
        assertEquals(0, run(shell, true, "query"));
        assertTrue(shell.err().contains("Ctrl-D"), shell.err());
        assertEquals("a\n", shell.out());
    }
}
