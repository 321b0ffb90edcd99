package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private static String printed(TextTable table, int width, boolean colours) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        table.print(stream, width, colours);
        stream.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandAtTheRight() {
        assertEquals("""
                model      size  where
                a/b       1 MiB  here
                acme/模  20 GiB  there
                """, printed(new TextTable("model", "size", "where").numbers(1).row("a/b", "1 MiB", "here")
                .row("acme/模", "20 GiB", "there"), 80, false));
    }

    @Test
    void theLastColumnIsBrokenWhereTheLineIsFull() {
        assertEquals("""
                model  languages
                a      de en fr it pl ru zh
                       ja ko ar
                b
                """, printed(new TextTable("model", "languages").row("a", "de en fr it pl ru zh ja ko ar").row("b", ""),
                29, false));
    }

    @Test
    void theHeadIsDimAndControlCharactersOfCellsVanish() {
        assertEquals("\u001b[2mx  y\u001b[0m\n1  a b\n",
                printed(new TextTable("x", "y").row("1", "a\u001b\nb"), 80, true));
    }
}
