package dev.rerank4j.examples.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run, with the built-in models and its own tickets. */
@Timeout(300)
class SupportTest {

    @TempDir
    private Path folder;

    @Test
    void withoutArgumentsATraceIsMatchedAndAQuestionRefused() {
        // Lower than the default, near which the best ticket's probability is: int8 differs between processors.
        Run run = run("", "--at-least", "0.15");
        assertEquals(0, run.exit(), run.err());
        assertEquals("", run.err());
        assertTrue(run.out().contains("lines of it left out)"), run.out());
        assertFalse(run.out().contains("Launcher.launch("), "a frame that tells nothing");
        assertTrue(
                run.out().matches("(?s).*\n0\\.\\d\\d  S-1426  NoSuchMethodError after the upgrade.*Resolution:.*"),
                run.out());
        String question = run.out().substring(run.out().indexOf("how much does a licence"));
        assertTrue(question
                .matches("(?s).*\n\nNothing relevant was found among 105 tickets: the best has a probability of "
                        + "0\\.[01]\\d, asked for are 0\\.15\\.\n\n"),
                question);
    }

    @Test
    void whatIsShownIsAsProbableAsWasAskedFor() {
        assertTrue(run("", "--at-least", "1", "InvalidFrameException").out().contains("Nothing relevant was found"));
        List<String> any = tickets(run("", "--at-least", "0", "how much does a licence cost").out());
        assertEquals(3, any.size());
    }

    @Test
    void aDescriptionMayComeFromAFileOrTheStandardInput() throws IOException {
        String description = "InvalidFrameException: unexpected first byte 0x16";
        Path file = Files.writeString(folder.resolve("error.log"), description);
        String given = run("", description).out();
        assertEquals(given, run("", "@" + file).out());
        assertEquals(given, run(description, "-").out());
        assertTrue(tickets(given).getFirst().contains("InvalidFrameException"), given);
    }

    @Test
    void aMegabyteOfTraceIsCutToWhatTheModelReads() {
        StringBuilder trace = new StringBuilder("java.lang.StackOverflowError\n");
        while (trace.length() < 1 << 20) {
            trace.append("\tat com.example.Loop.again(Loop.java:").append(trace.length() % 997).append(")\n");
        }
        Run run = run(trace.toString(), "-");
        assertEquals(0, run.exit(), run.err());
        assertFalse(run.out().contains("a stage failed"), run.out());
        assertEquals(0, run("x".repeat(1 << 20), "-").exit(), "without a line break");
    }

    @Test
    void theCauseAtTheEndOfALongLogIsKept() {
        StringBuilder log = new StringBuilder("the orders stopped at noon\n");
        for (int line = 0; line < 50_000; line++) {
            log.append("12:00:").append(line).append(" INFO still waiting for the broker\n");
        }
        log.append("Caused by: com.quillbarrow.harbour.client.InvalidFrameException: unexpected first byte 0x15\n");
        Run run = run(log.toString(), "-");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("  the orders stopped at noon\n"), run.out());
        assertTrue(run.out().contains("unexpected first byte 0x15\n  ("), run.out());
    }

    @Test
    void aPromptsBlockIsNumbered() {
        Run run = run("", "--context", "--at-least", "0.1", "certificate was renewed, clients still say it expired");
        assertTrue(run.out().startsWith("[1] "), run.out());
        assertEquals(0, run.exit());
    }

    @Test
    void mistakesAreSentences() {
        assertMistake("describe an error, got nothing but blanks", "", "-");
        assertMistake("describe an error, got nothing but blanks", "", " ");
        assertMistake("--at-least must be a probability from 0 to 1, got 30", "", "--at-least", "30");
        assertMistake("--at-least must be a probability from 0 to 1, got NaN", "", "--at-least", "NaN");
        assertMistake("--at-least must be a probability from 0 to 1, got nothing", "", "--at-least");
        assertMistake("there is no option --top; --help names them", "", "--top", "3");
        assertMistake("there is no file nowhere.log", "", "@nowhere.log");
        assertMistake("the description must have at most 8 MiB; paste the part around the error",
                "y\n".repeat(5 << 20), "-");
        assertTrue(run("", "--help").out().startsWith("usage: examples/run support"));
    }

    private static void assertMistake(String sentence, String in, String... arguments) {
        Run run = run(in, arguments);
        assertEquals("support: " + sentence + "\n", run.err());
        assertEquals(2, run.exit());
        assertEquals("", run.out());
    }

    static List<String> tickets(String output) {
        return output.lines().filter(line -> line.matches("[01]\\.\\d\\d  S-\\d+  .*")).toList();
    }

    static Run run(String in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            int exit = Support.run(Path.of("."), List.of(arguments),
                    new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), o, e);
            return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    record Run(int exit, String out, String err) {
    }
}
