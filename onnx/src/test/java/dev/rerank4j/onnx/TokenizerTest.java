package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(ModelFiles.classPath(TokenizerTest.class.getClassLoader(),
                "dev/rerank4j/model/rerank4j-minilm-l6-v1/"), "tokenizer.json", false);
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

    /** Of byte pairs, of pieces of sentences, of pieces of words: wherever the text is cut before it is read. */
    @ParameterizedTest
    @ValueSource(strings = {"roberta", "modernbert", "xlm-roberta", "deberta-v3", "gte", "bert"})
    void aCutTextGivesTheSameIdsWithEveryKindOfTokenizer(String model) {
        List<String> texts = TestModels.realTexts();
        ModelFiles files = ModelFiles.classPath(getClass().getClassLoader(), "golden/rerankers/" + model + "/");
        try (Tokenizer other = Tokenizer.load(files, "tokenizer.json", false)) {
            for (int seed = 0; seed < 30; seed++) {
                Random random = new Random(seed);
                StringBuilder builder = new StringBuilder();
                while (builder.length() < 6_000) {
                    builder.append(texts.get(random.nextInt(texts.size())))
                            .append(random.nextBoolean() ? " " : "\n".repeat(1 + random.nextInt(40)))
                            .append(random.nextBoolean() ? "" : " ".repeat(random.nextInt(200)));
                }
                String text = builder.toString();
                int room = 1 + random.nextInt(120);
                int[] all = other.ids(text);
                assertArrayEquals(Arrays.copyOf(all, room), other.ids(text, room, false).ids(), "seed " + seed);
                assertArrayEquals(Arrays.copyOfRange(all, all.length - room, all.length),
                        other.ids(text, room, true).ids(), "seed " + seed);
            }
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

    @Test
    void whatPutsTextsTogetherInNoKnownWayIsRefused(@TempDir Path folder) throws IOException {
        ModelFolders.tokenizer(folder);
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("tokenizer.json"))).getAsJsonObject();
        json.add("post_processor", JsonParser.parseString("""
                {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}], "special_tokens": {}}"""));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        try (Tokenizer other = Tokenizer.load(ModelFiles.folder(folder), "tokenizer.json", false)) {
            RerankException e = assertThrows(RerankException.class, other::pairTemplate);
            assertEquals(RerankException.Kind.MODEL, e.kind());
        }
    }
}
