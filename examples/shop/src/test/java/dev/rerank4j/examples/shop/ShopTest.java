package dev.rerank4j.examples.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run, with the built-in models and its own products. */
@Timeout(300)
class ShopTest {

    @TempDir
    private Path empty;

    @Test
    void withoutArgumentsItShowsWhatAFilterIsFor() {
        Run run = run();
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("Wanted: " + Shop.QUESTION + "\n"), run.out());
        String filtered = run.out().substring(0, run.out().indexOf("The same among all 120 products:"));
        List<String> jackets = products(filtered);
        assertEquals(5, jackets.size(), run.out());
        assertTrue(jackets.stream().allMatch(line -> line.contains(" jackets ")), run.out());
        assertFalse(products(run.out()).stream().allMatch(line -> line.contains(" jackets ")), run.out());
    }

    @Test
    void everyHitSatisfiesEveryFilter() {
        Run run = run("--category", "lights", "--max-price", "30", "--in-stock", "cheap", "light");
        assertEquals(0, run.exit(), run.err());
        String filtered = run.out().substring(0, run.out().indexOf("The same among all"));
        assertFalse(products(filtered).isEmpty());
        for (String line : products(filtered)) {
            assertTrue(line.contains(" lights "), line);
            String price = line.replaceFirst(".* lights +(\\d+) euros.*", "$1");
            assertTrue(Integer.parseInt(price) <= 30, line);
        }
    }

    @Test
    void nothingPassesAFilterThatNothingCanPass() {
        Run run = run("--category", "locks", "--max-price", "1", "lock");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("0 products pass the filter:\n  nothing; take a filter away\n"), run.out());
    }

    @Test
    void aPromptsBlockIsNumbered() {
        Run run = run("--context", "--category", "gloves", "winter, but I still have to brake");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().startsWith("[1] "), run.out());
        assertTrue(run.out().contains("\n\n[2] "), run.out());
    }

    @Test
    void mistakesAreSentences() {
        assertMistake(
                "--category must be all or one of jackets, trousers, gloves, lights, bags, shoes, layers, headwear, "
                        + "locks, got hats",
                "--category", "hats");
        assertMistake("--max-price must be a number of euros, got cheap", "--max-price", "cheap");
        assertMistake("--max-price must be a number of euros, got NaN", "--max-price", "NaN");
        assertMistake("--category needs a value; --help says which", "--category");
        assertMistake("there is no option --colour; --help names them", "--colour", "red");
        assertMistake("say what you are after, got nothing but blanks", " ");
        Run help = run("--help");
        assertEquals(0, help.exit());
        assertTrue(help.out().startsWith("usage: examples/run shop"), help.out());
    }

    @Test
    void aFolderWithoutProductsIsASentence() {
        Run run = Run.of(empty, List.of("jacket"));
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("shop: ") && run.err().lines().count() == 1, run.err());
    }

    private static void assertMistake(String sentence, String... arguments) {
        Run run = run(arguments);
        assertEquals("shop: " + sentence + "\n", run.err());
        assertEquals(2, run.exit());
        assertEquals("", run.out());
    }

    private static List<String> products(String output) {
        return output.lines().filter(line -> line.contains(" euros ")).toList();
    }

    private static Run run(String... arguments) {
        return Run.of(Path.of("."), List.of(arguments));
    }

    private record Run(int exit, String out, String err) {

        static Run of(Path folder, List<String> arguments) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Locale before = Locale.getDefault();
            try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
                    PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
                Locale.setDefault(Locale.GERMANY); // no output may depend on it
                return new Run(Shop.run(folder, arguments, o, e), out.toString(StandardCharsets.UTF_8),
                        err.toString(StandardCharsets.UTF_8));
            } finally {
                Locale.setDefault(before);
            }
        }
    }
}
