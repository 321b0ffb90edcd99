package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenizerTest {

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(ModelFiles.classPath(TokenizerTest.class.getClassLoader(),
                "dev/rerank4j/model/rerank4j-minilm-l6-v0/"), "tokenizer.json", false);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void startsCountUtf16UnitsNotCodePoints() {
        assertArrayEquals(new int[]{0, 3, 9}, tokenizer.starts("😀 paris rome"));
        assertArrayEquals(new int[]{0, 2, 3}, tokenizer.starts("é 東京"));
        assertArrayEquals(new int[0], tokenizer.starts(" \t\n"));
    }

    @Test
    void aLongTextIsReadOnlyAsFarAsItIsWantedAndGivesTheSameIds() {
        List<String> texts = TestModels.realTexts();
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            StringBuilder builder = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                builder.append(texts.get(random.nextInt(texts.size()))).append(random.nextBoolean() ? " " : "\n");
            }
            String text = builder.toString();
            int room = 1 + random.nextInt(120);
            int[] all = tokenizer.ids(text);
            Tokenizer.Cut start = tokenizer.ids(text, room, false);
            Tokenizer.Cut end = tokenizer.ids(text, room, true);
            assertArrayEquals(Arrays.copyOf(all, room), start.ids(), "seed " + seed);
            assertArrayEquals(Arrays.copyOfRange(all, all.length - room, all.length), end.ids(), "seed " + seed);
            assertTrue(start.shortened() && end.shortened(), "seed " + seed);
        }
    }

    @Test
    void manyCharactersAndFewTokensAreNotCut() {
        String spaces = " ".repeat(100_000) + "paris";
        Tokenizer.Cut cut = tokenizer.ids(spaces, 10, false);
        assertArrayEquals(tokenizer.ids("paris"), cut.ids());
        assertFalse(cut.shortened());
    }

    @Test
    void aLoneSurrogateBecomesTheReplacementCharacterAndNothingElseChanges() {
        assertEquals("a\uFFFDb\uFFFD", Tokenizer.clean("a\ud83db\udd25"));
        assertEquals("\uFFFD\uD83D\uDD25\uFFFD", Tokenizer.clean("\ud83d\ud83d\udd25\udd25"));
        String whole = "whole 😀 text";
        assertEquals(whole, Tokenizer.clean(whole));
    }
}
