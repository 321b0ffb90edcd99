package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids tokenized once and concatenated are those of the tokenizer's own pair encoding. */
class PairTemplateTest {

    @ParameterizedTest
    @ValueSource(strings = {TestModels.CROSS_ENCODER, TestModels.ROBERTA})
    void concatenatedIdsAreThoseOfTheReferenceImplementation(String model) {
        try (Tokenizer tokenizer = Tokenizer.load(TestModels.files(model), "tokenizer.json", false)) {
            for (JsonElement element : TestModels.json(model, "pairs.json").getAsJsonArray("pairs")) {
                JsonObject pair = element.getAsJsonObject();
                List<Integer> ids = new ArrayList<>();
                List<Integer> types = new ArrayList<>();
                write(tokenizer, pair.get("query").getAsString(), pair.get("text").getAsString(), ids, types);
                assertEquals(ints(pair.getAsJsonArray("ids")), ids, () -> "ids of " + pair);
                assertEquals(ints(pair.getAsJsonArray("type_ids")), types, () -> "types of " + pair);
            }
        }
    }

    @Test
    void overRealTextTheyAreThoseOfTheBuiltInTokenizersOwnPairEncoding() throws IOException {
        List<String> texts = TestModels.realTexts();
        assertTrue(texts.size() > 500, "real texts");
        ModelFiles files = ModelFiles.classPath(getClass().getClassLoader(),
                "dev/rerank4j/model/rerank4j-minilm-l6-v1/");
        Random random = new Random(3);
        try (Tokenizer tokenizer = Tokenizer.load(files, "tokenizer.json", false);
                HuggingFaceTokenizer own = HuggingFaceTokenizer.newInstance(
                        new ByteArrayInputStream(files.read("tokenizer.json")),
                        Map.of("truncation", "false", "padding", "false", "modelMaxLength", "512", "maxLength",
                                "512"))) {
            for (String text : texts) {
                String query = texts.get(random.nextInt(texts.size()));
                Encoding expected = own.encode(query, text, true, false);
                List<Integer> ids = new ArrayList<>();
                List<Integer> types = new ArrayList<>();
                write(tokenizer, query, text, ids, types);
                assertEquals(ints(expected.getIds()), ids);
                assertEquals(ints(expected.getTypeIds()), types);
            }
        }
    }

    private static void write(Tokenizer tokenizer, String query, String text, List<Integer> ids, List<Integer> types) {
        PairTemplate template = tokenizer.pairTemplate();
        PairTemplate.Sequence pair = new PairTemplate.Sequence(tokenizer.ids(query), tokenizer.ids(text));
        template.write(pair, (id, type) -> {
            ids.add(id);
            types.add(type);
        });
        assertEquals(ids.size(), template.length(pair));
    }

    private static List<Integer> ints(JsonArray array) {
        List<Integer> ints = new ArrayList<>();
        array.forEach(i -> ints.add(i.getAsInt()));
        return ints;
    }

    private static List<Integer> ints(long[] array) {
        return Arrays.stream(array).mapToObj(i -> (int) i).toList();
    }
}
