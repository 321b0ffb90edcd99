package dev.rerank4j.examples.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run, with the built-in models. */
@Timeout(300)
class ClinicTest {

    private static final String ATTACK = "9 year old can't breathe properly, severe asthma attack, what to put in the "
            + "nebuliser";

    @Test
    void whereOneNoteIsLikelyItIsTheAnswer() {
        Run run = run();
        assertEquals(0, run.exit(), run.err());
        assertEquals("", run.err());
        assertTrue(run.out().contains(Clinic.QUESTION), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("The note that applies, probability 0\\.[5-9]\\d:")),
                run.out());
        assertTrue(run.out().contains("only when there were two flare-ups in the past year"), run.out());
        assertEquals("C-014", run.ids().getFirst());
        assertTrue(run.row("C-014").endsWith("Pellunet              inhaled        older adult   2022-10-17"),
                run.row("C-014"));
        assertTrue(run.row("C-033").endsWith("·                     ·              adolescent    2024-04-08"),
                "what differs: " + run.row("C-033"));
    }

    @Test
    void whereNoneIsLikelyThereAreCandidatesAndNoAnswer() {
        Run run = run(ATTACK);
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Not sure which note applies: none has a probability of at least 0.50"),
                run.out());
        assertFalse(run.out().contains("The note that applies"), run.out());
        assertEquals(List.of("C-065", "C-004"), run.ids().subList(0, 2));
        assertTrue(run.row("C-004").matches(".*· +· +adult +·"), "only the age differs: " + run.row("C-004"));
    }

    @Test
    void whereSeveralAreLikelyThereIsNoAnswer() {
        Run run = run("patient goes to dialysis three times a week and has a clot, which anticoagulant");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Not sure which note applies: 3 have a probability of at least 0.50"),
                run.out());
        assertFalse(run.out().contains("The note that applies"), run.out());
    }

    @Test
    void howSureCanBeChosen() {
        assertTrue(run("--sure", "0.9").out().contains("Not sure"));
        assertTrue(run("--sure", "0.4", "--age", "child", ATTACK).out().contains("The note that applies"));
        assertTrue(run("--sure", "0").out().contains("5 have a probability of at least 0.00"));
    }

    @Test
    void theNoticeIsSaidOnceWhateverComesOut() {
        for (String[] arguments : new String[][]{{}, {ATTACK}, {"--context"}, {"--route", "eye", "--age", "newborn"}}) {
            Run run = run(arguments);
            assertTrue(run.out().startsWith("Every substance, dose and rule in this collection is invented"),
                    run.out());
            assertEquals(2, run.out().split("medical advice", -1).length, run.out());
        }
    }

    @Test
    void circumstancesAreFilters() {
        Run child = run("--age", "child", "--route", "nebulised", ATTACK);
        assertEquals(List.of("C-065"), child.ids());
        Run old = run("--substance", "hanquil", "--age", "older adult", "cannot sleep");
        assertTrue(old.ids().contains("C-002"), old.out());
        assertTrue(old.ids().contains("C-050"), "notes for adults are kept: " + old.out());
        assertTrue(old.ids().stream().allMatch(id -> old.row(id).contains("Hanquil ")), old.out());
        Run none = run("--route", "eye", "--age", "newborn");
        assertEquals(0, none.exit());
        assertTrue(none.out().contains("No note passes the filter"), none.out());
    }

    @Test
    void contextIsABlockForAPrompt() {
        Run run = run("--context");
        assertTrue(run.out().contains("\n\n[1] Pellunet in chronic bronchitis"), run.out());
        assertTrue(run.out().contains("\n[2] "), run.out());
        assertFalse(run.out().contains("probability"), run.out());
    }

    @Test
    void oddQuestionsAreAnswered() {
        for (String odd : List.of("?", "% \\ \" ( AND NOT *", "кот", "x".repeat(20_000))) {
            Run run = run(odd);
            assertEquals(0, run.exit(), run.err());
            assertTrue(run.out().contains("Not sure"), run.out());
        }
    }

    @Test
    void misuseIsASentence() {
        assertMisuse("there is no option --dose; --help names them", "--dose", "5");
        assertMisuse("--substance needs a value; --help says which", "--substance");
        assertMisuse("--age must be one of adolescent, adult, child, infant, newborn, older adult, got 12", "--age",
                "12");
        for (String number : List.of("often", "NaN", "1.5", "-0.1", "")) {
            assertMisuse("--sure must be a probability from 0 to 1, got " + number, "--sure", number);
        }
        assertMisuse("ask something, got nothing but blanks", " ");
    }

    @Test
    void helpTeaches() {
        Run run = run("--help", "--age");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("usage: examples/run clinic"), run.out());
        assertTrue(run.out().contains("for nobody's treatment"), run.out());
    }

    @Test
    void withoutNotesItSaysWhichFile(@TempDir Path folder) {
        Run run = run(folder);
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("clinic: ") && run.err().contains("corpus.jsonl"), run.err());
    }

    private static void assertMisuse(String complaint, String... arguments) {
        Run run = run(arguments);
        assertEquals(2, run.exit());
        assertEquals("clinic: " + complaint + "\n", run.err());
        assertEquals("", run.out());
    }

    private static Run run(String... arguments) {
        return run(Path.of(""), arguments);
    }

    private static Run run(Path folder, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Clinic.run(folder, List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Run(int exit, String out, String err) {

        /** Of the table, best first. */
        List<String> ids() {
            return out.lines().filter(line -> line.matches("  (0\\.\\d\\d|not read) +C-.*"))
                    .map(line -> line.substring(15, 20)).toList();
        }

        String row(String id) {
            return out.lines().filter(line -> line.startsWith(id, 15)).findFirst().orElseThrow();
        }
    }
}
