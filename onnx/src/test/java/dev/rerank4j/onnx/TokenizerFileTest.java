package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer as it is written, and what other files say of it. */
class TokenizerFileTest {

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        ModelFolders.reranker(folder);
    }

    @Test
    void theConfigurationOfTheTokenizerGoesFirst() throws IOException {
        normalizer("{\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true,"
                + " \"strip_accents\": null, \"lowercase\": false}");
        assertNotEquals(ids("the cat"), ids("THE CAT"));
        ModelFolders.write(folder, "tokenizer_config.json", "{\"do_lower_case\": true}");
        assertEquals(ids("the cat"), ids("THE CAT"));
        assertEquals(ids("the cat"), ids("thé cat"), "accents go with the case");
        ModelFolders.write(folder, "tokenizer_config.json", "{\"do_lower_case\": true, \"strip_accents\": false}");
        assertNotEquals(ids("the cat"), ids("thé cat"));
    }

    @Test
    void whatSaysTheSameIsHandedOverAsItIs() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("tokenizer.json"));
        ModelFolders.write(folder, "tokenizer_config.json", "{\"do_lower_case\": true}");
        assertArrayEquals(bytes, TokenizerFile.read(ModelFiles.folder(folder), "tokenizer.json", true));
    }

    @Test
    void sentenceTransformersPutsTextsIntoLowerCaseFirst() throws IOException {
        normalizer("{\"type\": \"NFC\"}");
        List<Integer> lower = ids("the cat");
        assertNotEquals(lower, ids("THE CAT"));
        try (Tokenizer tokenizer = Tokenizer.load(ModelFiles.folder(folder), "tokenizer.json", true)) {
            assertEquals(lower, Arrays.stream(tokenizer.ids("THE CAT")).boxed().toList());
        }
        normalizer("null");
        try (Tokenizer tokenizer = Tokenizer.load(ModelFiles.folder(folder), "tokenizer.json", true)) {
            assertEquals(lower, Arrays.stream(tokenizer.ids("THE CAT")).boxed().toList());
        }
    }

    @Test
    void lengthsAndPaddingWrittenIntoTheTokenizerChangeNothing() throws IOException {
        List<Integer> all = ids("the cat and the dog and the cat");
        JsonObject json = tokenizer();
        json.add("truncation", JsonParser.parseString(
                "{\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 0}"));
        json.add("padding", JsonParser.parseString("{\"strategy\": {\"Fixed\": 128}, \"direction\": \"Right\","
                + " \"pad_to_multiple_of\": null, \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"[PAD]\"}"));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertEquals(all, ids("the cat and the dog and the cat"));
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertEquals(all.size() * 2 + 3, scorer.ids("the cat and the dog and the cat",
                    "the cat and the dog and the cat").size());
        }
    }

    /** Where reading them takes long, they are refused before. */
    @Test
    @Timeout(60)
    void aMegabyteOfAddedTokensIsRefused() throws IOException {
        add(44_000, 23);
        RerankException e = assertThrows(RerankException.class, () -> OnnxScorer.load(folder));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains("tokens to its vocabulary: at most 25000"), e.getMessage());
    }

    @Test
    @Timeout(60)
    void aMegabyteOfLongAddedTokensWorks() throws IOException {
        add(100, 10_000);
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertEquals(1, scorer.score(ScoreRequest.of("the cat", List.of("the dog"))).size());
        }
    }

    private void add(int count, int length) throws IOException {
        JsonObject json = tokenizer();
        JsonArray added = json.getAsJsonArray("added_tokens");
        int next = json.getAsJsonObject("model").getAsJsonObject("vocab").size();
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            StringBuilder content = new StringBuilder().append(i);
            while (content.length() < length) {
                content.append((char) ('a' + random.nextInt(26)));
            }
            JsonObject token = new JsonObject();
            token.addProperty("id", next + i);
            token.addProperty("content", content.toString());
            for (String flag : List.of("single_word", "lstrip", "rstrip", "special")) {
                token.addProperty(flag, false);
            }
            token.addProperty("normalized", true);
            added.add(token);
        }
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    }

    private JsonObject tokenizer() throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve("tokenizer.json"))).getAsJsonObject();
    }

    private void normalizer(String normalizer) throws IOException {
        JsonObject json = tokenizer();
        json.add("normalizer", JsonParser.parseString(normalizer));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    }

    private List<Integer> ids(String text) {
        try (Tokenizer tokenizer = Tokenizer.load(ModelFiles.folder(folder), "tokenizer.json", false)) {
            return Arrays.stream(tokenizer.ids(text)).boxed().toList();
        }
    }
}
