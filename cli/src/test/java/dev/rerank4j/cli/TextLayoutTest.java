package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.cli.TextLayout.Span;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextLayoutTest {

    private static List<String> lines(String text, int columns) {
        return TextLayout.lines(text, columns).stream().map(line -> text.substring(line.start(), line.end())).toList();
    }

    @Test
    void linesBreakAtBlanks() {
        assertEquals(List.of("the quick", "brown fox"), lines("the quick brown fox", 9));
        assertEquals(List.of("the quick", "brown fox"), lines("the quick brown fox", 10));
        assertEquals(List.of(), lines("", 10));
    }

    @Test
    void aWordWiderThanALineIsBroken() {
        assertEquals(List.of("a", "supercali", "fragilist", "ic b"), lines("a supercalifragilistic b", 9));
    }

    @Test
    void chineseCharactersTakeTwoColumns() {
        assertEquals(List.of("两阶", "段检", "索"), lines("两阶段检索", 5));
        assertEquals(10, TextLayout.columns("两阶段检索"));
    }

    @Test
    void accentsTakeNone() {
        assertEquals(4, TextLayout.columns("cafe\u0301"));
    }

    @Test
    void aDocumentCannotMoveTheCursor() {
        assertEquals("a [31m b c",
                TextLayout.printable(" a\u001b[31m\n\tb\u0000\u202ec\r".replace("b\u0000", "b\u0000 ")));
        assertEquals("", TextLayout.printable("\u001b\n \u009b"));
        assertEquals(" a[31m\n\tb 😀c", TextLayout.harmless(" a\u001b[31m\n\tb\u0000\u202e 😀c\r"));
    }

    @Test
    void whatDoesNotFitEndsInAnEllipsis() {
        assertEquals("abc", TextLayout.fit("abc", 3));
        assertEquals("ab…", TextLayout.fit("abcd", 3));
        assertEquals("a…", TextLayout.fit("a bcd", 3));
        assertEquals("两…", TextLayout.fit("两阶段", 4));
    }

    @Test
    void ofAnyTextEveryLineFitsAndNothingIsLostButBlanks() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "ab   é两😀";
        for (int run = 0; run < 2000; run++) {
            StringBuilder any = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                int[] codePoints = alphabet.codePoints().toArray();
                any.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
            }
            String text = TextLayout.printable(any.toString());
            int columns = 2 + random.nextInt(20);
            StringBuilder joined = new StringBuilder();
            int end = 0;
            for (Span line : TextLayout.lines(text, columns)) {
                String shown = text.substring(line.start(), line.end());
                assertTrue(TextLayout.columns(shown) <= columns, () -> "seed " + seed + ": " + text + " at " + columns);
                assertTrue(text.substring(end, line.start()).isBlank(), () -> "seed " + seed + ": lost in " + text);
                assertFalse(shown.isBlank(), () -> "seed " + seed + ": empty line of " + text);
                joined.append(shown);
                end = line.end();
            }
            assertEquals(text.replace(" ", ""), joined.toString().replace(" ", ""), () -> "seed " + seed);
        }
    }
}
