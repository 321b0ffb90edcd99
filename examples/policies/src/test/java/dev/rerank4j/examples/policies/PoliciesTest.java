package dev.rerank4j.examples.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run, with the built-in models. */
@Timeout(300)
class PoliciesTest {

    @Test
    void aClauseThatWasReplacedIsNoAnswerUnlessOneAsksForIt() {
        Run now = run();
        assertEquals(0, now.exit(), now.err());
        assertEquals("", now.err());
        assertTrue(now.out().startsWith(Policies.QUESTION + "\n"), now.out());
        assertEquals("P-081", now.ids().getFirst(), now.out());
        assertTrue(now.out().contains("Children under 15 do not enter the hall."), now.out());
        assertTrue(now.out().lines().anyMatch(line -> line.matches("Most likely applies, probability 0\\.\\d\\d:")),
                now.out());
        assertFalse(now.out().contains("superseded"), now.out());

        Run old = run("--old");
        assertEquals(List.of("P-017", "P-081"), old.ids().subList(0, 2), "the replaced clause shares more words");
        assertTrue(old.row("P-017").endsWith("Norway     all         2017-06-01, superseded"), old.row("P-017"));
        assertTrue(old.row("P-081").endsWith("·          ·           2024-06-01"), "what differs: " + old.row("P-081"));
    }

    @Test
    void aCountryKeepsTheClausesForAllCountries() {
        Run run = run("--country", "norway", "our freelancer was sent to Bergen and wants the money for his room");
        assertEquals(0, run.exit(), run.err());
        assertEquals("P-071", run.ids().getFirst(), run.out());
        assertTrue(run.row("P-071").matches(".* all +contractor .*"), run.row("P-071"));
        for (String other : List.of("Ireland", "Portugal", "Estonia")) {
            assertTrue(run.ids().stream().noneMatch(id -> run.row(id).contains(other)), run.out());
        }
    }

    @Test
    void aContractMovesTheClauseUp() {
        String question = "external developer's own notebook stolen from his car with our code on it";
        assertEquals("P-042", run(question).ids().getFirst(), "laptops of employees");
        assertEquals("P-004", run("--contract", "contractor", question).ids().getFirst());
    }

    @Test
    void contextIsTheBlockAlone() {
        Run run = run("--context");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("[1] Visitors at the Bergen warehouse (policies)\n"), run.out());
        assertTrue(run.out().contains("\n[2] "), run.out());
    }

    @Test
    void oddQuestionsAreAnswered() {
        for (String odd : List.of("?", "§ \\ \" ( AND NOT *", "кот", "x".repeat(20_000))) {
            Run run = run(odd);
            assertEquals(0, run.exit(), run.err());
            assertEquals("", run.err());
        }
    }

    @Test
    void misuseIsASentence() {
        assertMisuse("there is no option --color; --help names them", "--color", "red");
        assertMisuse("--country needs a value; --help says which", "--country");
        assertMisuse("--country must be one of Estonia, Ireland, Norway, Portugal, got Narnia", "--country", "Narnia");
        assertMisuse("--contract must be one of apprentice, contractor, fixed-term, permanent, got all", "--contract",
                "all");
        assertMisuse("ask something, got nothing but blanks", " ", "\t");
    }

    @Test
    void helpTeaches() {
        Run run = run("--country", "--help");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("usage: examples/run policies"), run.out());
        assertTrue(run.out().contains("--contract"), run.out());
    }

    @Test
    void withoutClausesItSaysWhichFile(@TempDir Path folder) {
        Run run = run(folder);
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("policies: ") && run.err().contains("corpus.jsonl"), run.err());
    }

    @Test
    void aChangedFileIsReadAgain(@TempDir Path folder) throws IOException {
        Path corpus = folder.resolve("corpus.jsonl");
        String line = """
                {"_id": "%s", "title": "Dogs", "text": "%s", "country": "Norway", "contract": "all", \
                "in_force": "2024-01-01", "superseded": %s}
                """;
        Files.writeString(corpus, line.formatted("A", "Dogs stay at home.", true));
        Run none = run(folder, "may I bring a dog");
        assertEquals(0, none.exit(), none.err());
        assertTrue(none.out().contains("No clause passes the filter"), none.out());
        Files.writeString(corpus, line.formatted("B", "Dogs are welcome on Fridays.", false));
        Files.setLastModifiedTime(corpus, FileTime.fromMillis(1_700_000_000_000L));
        Run one = run(folder, "may I bring a dog");
        assertTrue(one.out().contains("Dogs are welcome on Fridays."), one.out());
    }

    private static void assertMisuse(String complaint, String... arguments) {
        Run run = run(arguments);
        assertEquals(2, run.exit());
        assertEquals("policies: " + complaint + "\n", run.err());
        assertEquals("", run.out());
    }

    private static Run run(String... arguments) {
        return run(Path.of(""), arguments);
    }

    private static Run run(Path folder, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Policies.run(folder, List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Run(int exit, String out, String err) {

        /** Of the table, best first. */
        List<String> ids() {
            return out.lines().filter(line -> line.matches("  (0\\.\\d\\d|not read) +P-.*"))
                    .map(line -> line.substring(15, 20)).toList();
        }

        String row(String id) {
            return out.lines().filter(line -> line.startsWith(id, 15)).findFirst().orElseThrow();
        }
    }
}
