package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all dialects have in common: order, limits, ties, models. */
class RerankingTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Dialect> rerankers() {
        return Dialect.rerankers().toList();
    }

    static List<Dialect> ordered() {
        return Dialect.ordered().toList();
    }

    static List<Dialect> limited() {
        return Dialect.limited().toList();
    }

    private static JsonNode answer(Dialect dialect, ObjectNode body) {
        return server.post(dialect, body.toString()).ok();
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void theBestDocumentHasTheHighestScore(Dialect dialect) {
        JsonNode answer = answer(dialect, dialect.request());
        List<Double> scores = dialect.scores(answer);
        assertEquals(3, scores.size());
        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        assertEquals(1, dialect.order(answer).get(scores.indexOf(best)), answer::toString);
    }

    @ParameterizedTest
    @MethodSource("ordered")
    void duplicatesKeepTheirOwnPlaceAndTheirScoreAndAreInOrder(Dialect dialect) {
        List<String> texts = new ArrayList<>(Dialect.TEXTS);
        texts.addAll(Dialect.TEXTS);
        JsonNode answer = answer(dialect, dialect.request(Dialect.QUERY, texts));
        List<Integer> order = dialect.order(answer);
        List<Double> scores = dialect.scores(answer);
        assertEquals(List.of(1, 4), order.subList(0, 2));
        assertEquals(6, order.stream().distinct().count());
        assertEquals(scores.stream().sorted(Comparator.reverseOrder()).toList(), scores);
        for (int i = 0; i < order.size(); i += 2) {
            assertEquals(scores.get(i), scores.get(i + 1));
            assertEquals(order.get(i) + 3, order.get(i + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("limited")
    void theBestFewAreTheFirstOfAll(Dialect dialect) {
        List<Integer> all = dialect.order(answer(dialect, dialect.request()));
        assertEquals(all.subList(0, 1), dialect.order(answer(dialect, dialect.request().put(dialect.top(), 1))));
        assertEquals(all, dialect.order(answer(dialect, dialect.request().put(dialect.top(), 1000))));
        assertEquals(all, dialect.order(answer(dialect, dialect.request().putNull(dialect.top()))));
    }

    @ParameterizedTest
    @MethodSource("limited")
    void fewerThanNoneIsRefused(Dialect dialect) {
        Answer answer = server.post(dialect, dialect.request().put(dialect.top(), -1).toString());
        dialect.requireError(400, answer);
        assertTrue(answer.text().contains(dialect.top() + " must be >="), answer::text);
    }

    @ParameterizedTest
    @MethodSource("limited")
    void noneIsAllWhereTheOriginalHasItSoAndRefusedElsewhere(Dialect dialect) {
        Answer answer = server.post(dialect, dialect.request().put(dialect.top(), 0).toString());
        switch (dialect) {
            case RERANK_V1, RERANKING, LLAMA, INFINITY -> assertEquals(3, dialect.order(answer.ok()).size());
            default -> dialect.requireError(400, answer);
        }
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void anyModelIsAnsweredByTheOneThatIsThere(Dialect dialect) {
        if (dialect == Dialect.TEI) {
            return; // has no models
        }
        List<Double> scores = dialect.scores(answer(dialect, dialect.request()));
        for (String model : new String[]{"rerank-v3.5", "rerank4j-minilm-l6-v1", ""}) {
            JsonNode answer = answer(dialect, dialect.request().put("model", model));
            assertEquals(scores, dialect.scores(answer));
            if (answer.has("model")) {
                assertEquals("rerank4j-minilm-l6-v1", answer.get("model").textValue());
            }
        }
        assertEquals(scores, dialect.scores(answer(dialect, dialect.request().putNull("model"))));
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void keysThatNobodyKnowsAreLeftAloneExceptInOurOwnApi(Dialect dialect) {
        Answer answer = server.post(dialect, dialect.request().put("no_such_key", 1).toString());
        if (dialect == Dialect.API_RERANK) {
            dialect.requireError(400, answer);
            assertTrue(answer.text().contains("no_such_key"), answer::text);
        } else {
            answer.ok();
        }
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void everyKnownKeyMayBeThere(Dialect dialect) {
        answer(dialect, dialect.full());
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void everyOptionMayBeNull(Dialect dialect) {
        ObjectNode body = dialect.full();
        body.fieldNames().forEachRemaining(key -> {
            if (!dialect.request().has(key)) {
                body.putNull(key);
            }
        });
        assertEquals(3, dialect.scores(answer(dialect, body)).size());
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void withoutDocumentsOrQueryItIsRefusedAndSaysWhatIsMissing(Dialect dialect) {
        Answer none = server.post(dialect, dialect.request(Dialect.QUERY, List.of()).toString());
        dialect.requireError(400, none);
        assertTrue(none.text().contains("empty"), none::text);
        for (String query : List.of("", "  \n")) {
            Answer blank = server.post(dialect, dialect.request(query, Dialect.TEXTS).toString());
            dialect.requireError(dialect == Dialect.TEI ? 413 : 400, blank);
            assertTrue(blank.text().contains("query"), blank::text);
        }
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void emptyTextsAreScored(Dialect dialect) {
        JsonNode answer = answer(dialect, dialect.request(Dialect.QUERY, List.of("", Dialect.TEXTS.get(1), " ")));
        assertEquals(3, dialect.scores(answer).size());
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void aQueryThatFillsTheModelIsRefused(Dialect dialect) {
        Answer answer = server.post(dialect, dialect.request("leave ".repeat(600), Dialect.TEXTS).toString());
        dialect.requireError(dialect == Dialect.TEI ? 413 : 400, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_tokens_per_doc"})
    void tokensOfADocumentAreLimited(String key) {
        for (Dialect dialect : List.of(Dialect.COHERE_V2, Dialect.RERANK_V1)) {
            ObjectNode body = dialect.request("leave", List.of("holiday ".repeat(100)));
            JsonNode whole = answer(dialect, body);
            JsonNode cut = answer(dialect, body.deepCopy().put(key, 10));
            JsonNode billed = cut.has("usage") ? cut.get("usage") : cut.get("meta");
            assertTrue(cut.get("meta").get("warnings").get(0).textValue().contains("1 of 1 documents"),
                    billed::toString);
            assertTrue(whole.get("meta").path("warnings").isMissingNode(), whole::toString);
            if (cut.has("usage")) {
                // [CLS] leave [SEP] ten tokens [SEP]
                assertEquals(14, cut.get("usage").get("total_tokens").intValue());
                assertEquals(104, whole.get("usage").get("total_tokens").intValue());
            }
        }
    }

    @Test
    void tokensOfALongDocumentAreLimitedAsAWholeNotPieceByPiece() {
        JsonNode answer = answer(Dialect.RERANK_V1,
                Dialect.RERANK_V1.request("leave", List.of("holiday ".repeat(2000))).put("max_tokens_per_doc", 10));
        assertEquals(14, answer.get("usage").get("total_tokens").intValue());
    }

    @Test
    void aLongDocumentWinsByItsBestChunkUnlessThatIsNotRead() {
        String filler = "The canteen serves soup and salad, and the menu changes with the season. ".repeat(40);
        String hidden = filler + filler + (Dialect.TEXTS.get(1) + " ").repeat(20) + filler;
        ObjectNode body = Dialect.RERANK_V1.request(Dialect.QUERY, List.of("Days of the week", hidden));
        assertEquals(List.of(1, 0), Dialect.RERANK_V1.order(answer(Dialect.RERANK_V1, body)));
        assertEquals(List.of(1, 0),
                Dialect.RERANK_V1.order(answer(Dialect.RERANK_V1, body.deepCopy().put("max_chunks_per_doc", 5))));
        JsonNode one = answer(Dialect.RERANK_V1, body.deepCopy().put("max_chunks_per_doc", 1));
        assertEquals(List.of(0, 1), Dialect.RERANK_V1.order(one));
        assertTrue(one.get("meta").get("warnings").get(0).textValue().contains("1 of 2 documents"), one::toString);
    }

    @Test
    void chunksThatAreNotReadCountAsCut() {
        String text = "The canteen serves soup and salad, and the menu changes with the season. ".repeat(100);
        ObjectNode body = Dialect.RERANK_V1.request(Dialect.QUERY, List.of(text)).put("truncation", false);
        answer(Dialect.RERANK_V1, body); // in pieces, all of them
        Answer cut = server.post(Dialect.RERANK_V1, body.put("max_chunks_per_doc", 2).toString());
        Dialect.RERANK_V1.requireError(400, cut);
        assertTrue(cut.text().contains("truncation"), cut::text);
    }

    @Test
    void twoWaysToLimitTheSameTakeTheSmaller() {
        assertEquals(1, Dialect.RERANK_V1.order(answer(Dialect.RERANK_V1,
                Dialect.RERANK_V1.request().put("top_n", 2).put("top_k", 1))).size());
        assertEquals(2, Dialect.RERANK_V1.order(answer(Dialect.RERANK_V1,
                Dialect.RERANK_V1.request().putNull("top_n").put("top_k", 2))).size());
    }
}
