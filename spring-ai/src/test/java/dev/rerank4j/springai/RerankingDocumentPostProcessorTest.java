package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.CascadeStage;
import dev.rerank4j.Evidence;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.WordScorer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.springframework.ai.document.DefaultContentFormatter;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.retrieval.join.ConcatenationDocumentJoiner;

class RerankingDocumentPostProcessorTest {

    private static final Query LEAVE = new Query("annual leave");

    @Test
    void documentsComeInTheOrderOfTheModelWithItsProbabilities() {
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()),
                scored("parking", "Parking is free.", 0.9), scored("sick", "No leave is needed.", 0.8),
                scored("leave", "28 days of annual leave.", 0.1));
        assertEquals(List.of("leave", "sick", "parking"), ids(documents));
        double[] probabilities = probabilities("28 days of annual leave.", "No leave is needed.", "Parking is free.");
        for (int i = 0; i < 3; i++) {
            assertEquals(probabilities[i], documents.get(i).getScore());
            assertEquals(probabilities[i], metadata(documents.get(i), RerankMetadata.PROBABILITY));
            assertEquals(i + 1, metadata(documents.get(i), RerankMetadata.RANK));
            assertEquals(3 - i, metadata(documents.get(i), RerankMetadata.FIRST_STAGE_RANK));
            assertEquals(false, metadata(documents.get(i), RerankMetadata.DEGRADED));
        }
        assertEquals(0.1, metadata(documents.getFirst(), RerankMetadata.FIRST_STAGE_SCORE));
        double logit = (Double) metadata(documents.getFirst(), RerankMetadata.SCORE);
        assertEquals(List.of(new Evidence("first-stage", 3, 0.1), new Evidence("rerank", 1, logit)),
                RerankMetadata.evidence(documents.getFirst()));
    }

    @Test
    void whatADocumentWasItStaysAndTheGivenOneIsNotTouched() {
        Map<String, Object> metadata = new HashMap<>(
                Map.of("author", "Ada", "nested", Map.of("a", 1), "big", 1L << 60));
        Document given = Document.builder().id("leave").text("annual leave").metadata(metadata).score(0.5).build();
        DefaultContentFormatter formatter = DefaultContentFormatter.builder().withTextTemplate("T {content}").build();
        given.setContentFormatter(formatter);
        Document before = given.mutate().metadata(new HashMap<>(given.getMetadata())).build();
        Document processed = process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()), given)
                .getFirst();
        assertEquals(before, given);
        assertNotSame(given, processed);
        assertEquals("leave", processed.getId());
        assertEquals("annual leave", processed.getText());
        assertSame(formatter, processed.getContentFormatter());
        metadata.forEach((key, value) -> assertEquals(value, processed.getMetadata().get(key), key));
        processed.getMetadata().put("author", "Bob");
        assertEquals("Ada", given.getMetadata().get("author"));
    }

    @Test
    void anUncalibratedModelsScoresAreItsLogits() {
        List<Document> documents = process(RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(text -> text.length())), scored("a", "xx", 0.9), scored("b", "xxxx", 0.8));
        assertEquals(List.of(4.0, 2.0), documents.stream().map(Document::getScore).toList());
        assertFalse(documents.getFirst().getMetadata().containsKey(RerankMetadata.PROBABILITY));
    }

    @Test
    void theLimitCounts() {
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(Double::parseDouble)).limit(2);
        assertEquals(List.of("3", "2"), ids(process(builder, texts("1", "2", "3"))));
        assertEquals(List.of("3", "2", "1"), ids(process(builder.limit(9), texts("1", "2", "3"))));
    }

    @Test
    void whatIsBehindTheDepthIsNotReadAndFollows() {
        ScriptedScorer scorer = new ScriptedScorer(Double::parseDouble);
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(scorer).depth(2),
                scored("1", "1", 0.9), scored("2", "2", 0.8), scored("9", "9", 0.7), scored("8", "8", 0.6));
        assertEquals(List.of("2", "1", "9", "8"), ids(documents));
        assertEquals(List.of("1", "2"), scorer.read());
        assertNull(documents.get(2).getScore(), "no model has read it");
        assertEquals(0.7, metadata(documents.get(2), RerankMetadata.FIRST_STAGE_SCORE));
        assertEquals(3, metadata(documents.get(2), RerankMetadata.FIRST_STAGE_RANK));
        assertEquals(List.of(), RerankMetadata.evidence(documents.get(2)));
        assertEquals(List.of("2", "1", "9"), ids(process(
                RerankingDocumentPostProcessor.builder().scorer(scorer).depth(2).limit(3), texts("1", "2", "9", "8"))));
    }

    @Test
    void whatDoesNotAnswerIsLeftOut() {
        Document[] documents = {text("parking", "Parking is free."), text("leave", "annual leave"),
                text("late", "annual leave")};
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer()).minScore(0.5);
        assertEquals(List.of("late", "leave"), ids(process(builder, documents)).stream().sorted().toList());
        assertEquals(List.of("leave"), ids(process(builder.depth(2), documents)), "nobody knows of what was not read");
        assertEquals(List.of(), ids(process(builder.minScore(1), documents)));
        assertEquals(List.of("b"), ids(process(RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(text -> text.length())).minScore(3), text("a", "xx"), text("b", "xxxx"))));
    }

    @Test
    void aModelThatFailsLeavesTheDocumentsAsTheyCame() {
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(text -> {
                    throw new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
                })).minScore(0.99).limit(2);
        List<Document> documents = process(builder, scored("a", "a", 0.3), scored("b", "b", 0.9),
                scored("c", "c", 0.1));
        assertEquals(List.of("a", "b"), ids(documents));
        assertEquals(0.3, documents.getFirst().getScore());
        assertEquals(true, metadata(documents.getFirst(), RerankMetadata.DEGRADED));
        assertEquals(List.of("rerank: OVERLOADED"), metadata(documents.getFirst(), RerankMetadata.FAILED_STAGES));
        assertEquals(1, metadata(documents.getFirst(), RerankMetadata.FIRST_STAGE_RANK));
        assertFalse(documents.getFirst().getMetadata().containsKey(RerankMetadata.RANK));
    }

    @Test
    void aModelThatIsLateLeavesTheDocumentsAsTheyCame() {
        Gate gate = new Gate();
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(text -> {
                    gate.pass();
                    return 0;
                })).timeout(Duration.ofMillis(50));
        List<Document> documents = process(builder, texts("a", "b"));
        gate.open();
        assertEquals(List.of("a", "b"), ids(documents));
        assertEquals(List.of("rerank: TIMEOUT"), metadata(documents.getFirst(), RerankMetadata.FAILED_STAGES));
    }

    @Test
    void aQueryThatFillsTheModelsWindowLeavesTheDocumentsAsTheyCame() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            List<Document> documents = reranking.process(new Query("leave ".repeat(1_000)), List.of(texts("a", "b")));
            assertEquals(List.of("rerank: INVALID_REQUEST"),
                    metadata(documents.getFirst(), RerankMetadata.FAILED_STAGES));
        }
    }

    @Test
    void mediaFollowInTheirOrderAndAreNotLost() {
        Document first = Pictures.of("first");
        Document second = Pictures.of("second");
        List<Document> documents = process(
                RerankingDocumentPostProcessor.builder().scorer(new WordScorer()).minScore(0.5),
                first, text("parking", "Parking is free."), second, text("leave", "annual leave"));
        assertEquals(List.of("leave", "first", "second"), ids(documents));
        assertEquals(first.getMedia(), documents.get(1).getMedia());
        assertEquals(List.of("first", "second"),
                ids(process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()), first, second)));
    }

    @Test
    void emptyTextsAreReadAsTheyAre() {
        ScriptedScorer scorer = new ScriptedScorer(text -> text.length());
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(scorer), text("empty", ""),
                text("blank", "  "), text("full", "words"));
        assertEquals(List.of("full", "blank", "empty"), ids(documents));
        assertEquals(List.of("", "  ", "words"), scorer.read());
    }

    @Test
    void nothingIsAnsweredWithNothing() {
        assertEquals(List.of(), process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer())));
    }

    @Test
    void theSameDocumentTwiceComesOnce() {
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()),
                scored("a", "annual leave", 0.9), text("b", "Parking."), scored("a", "annual leave", 0.2),
                text("b", "Parking."));
        assertEquals(List.of("a", "b"), ids(documents));
        assertEquals(0.9, metadata(documents.getFirst(), RerankMetadata.FIRST_STAGE_SCORE));
    }

    @Test
    void oneIdForSeveralTextsLosesNone() {
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()),
                text("a", "Parking."), text("a", "annual leave"), text("a#2", "Lunch."), text("a", "sick leave"),
                Pictures.of("a"));
        assertEquals(List.of("annual leave", "sick leave"),
                documents.stream().limit(2).map(Document::getText).toList());
        assertEquals(5, documents.size());
        assertEquals(List.of("a", "a"), ids(documents).subList(0, 2));
    }

    @Test
    void equalTextsOfSeveralDocumentsAllStay() {
        assertEquals(3, process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()),
                text("a", "same"), text("b", "same"), text("c", "same")).size());
    }

    @Test
    void scoresAlwaysFallSoThatSpringsJoinerKeepsTheOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Document[] given = IntStream.range(0, 200).mapToObj(i -> text("d" + i, "x".repeat(random.nextInt(10))))
                .toArray(Document[]::new);
        List<Document> documents = process(RerankingDocumentPostProcessor.builder()
                .scorer(new ScriptedScorer(text -> text.length())).depth(200), given);
        Query query = new Query("q");
        assertEquals(ids(documents), ids(new ConcatenationDocumentJoiner().join(Map.of(query, List.of(documents)))),
                "seed " + seed);
        for (int i = 1; i < documents.size(); i++) {
            assertTrue(documents.get(i).getScore() < documents.get(i - 1).getScore(), "seed " + seed);
        }
    }

    @Test
    void anotherRerankerMayWeighTheFirstStage() {
        Reranker both = Reranker.adaptive(new WordScorer(), 0, Map.of(RerankingDocumentPostProcessor.FIRST_STAGE, 1.0),
                AdaptiveDepth.DEFAULT);
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().reranker(both),
                scored("parking", "Parking is free.", 0.9), scored("leave", "annual leave", 0.1));
        assertEquals(List.of("parking", "leave"), ids(documents), "the model has no say");
        assertEquals(metadata(documents.getFirst(), RerankMetadata.SCORE), documents.getFirst().getScore(),
                "probabilities would tell another order");
        assertTrue(documents.getFirst().getMetadata().containsKey(RerankMetadata.PROBABILITY));
    }

    @Test
    void evidenceOfEarlierStagesIsKeptAndThatOfAnEarlierRerankingReplaced() {
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer());
        Document found = text("leave", "annual leave").mutate().metadata(RerankMetadata.EVIDENCE,
                List.of("bm25: rank 4, score 2.5", "first-stage: rank 9, score 9.0", "rerank: rank 8, score 8.0",
                        "nonsense"))
                .build();
        Document once = process(builder, found).getFirst();
        assertEquals(List.of("bm25", "first-stage", "rerank"), stages(once));
        Document twice = process(builder, once).getFirst();
        assertEquals(List.of("bm25", "first-stage", "rerank"), stages(twice));
        assertEquals(once.getScore(), metadata(twice, RerankMetadata.FIRST_STAGE_SCORE));
    }

    @Test
    void aCascadeNarrowsAndItsEvidenceIsReplacedToo() {
        ScriptedScorer strong = new ScriptedScorer(String::length);
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .reranker(Reranker.cascade(List.of(new CascadeStage(Reranker.of(new WordScorer()), 3),
                        new CascadeStage(Reranker.of(strong), 2))));
        Document[] found = {text("parking", "Parking is free."), text("sick", "No leave is needed."),
                text("leave", "annual leave")};
        List<Document> once = process(builder, found);
        assertEquals(List.of("sick", "leave", "parking"), ids(once));
        assertEquals(List.of("first-stage", "rerank-1", "rerank-2", "rerank"), stages(once.getFirst()));
        assertEquals(List.of("first-stage", "rerank-1", "rerank"), stages(once.getLast()));
        assertEquals(List.of("annual leave", "No leave is needed."), strong.read());
        for (int i = 1; i < once.size(); i++) {
            assertTrue(once.get(i).getScore() < once.get(i - 1).getScore());
        }
        List<Document> twice = process(builder, once.toArray(Document[]::new));
        assertEquals(ids(once), ids(twice));
        assertEquals(stages(once.getFirst()), stages(twice.getFirst()));
        assertEquals(false, metadata(twice.getFirst(), RerankMetadata.DEGRADED));
    }

    @Test
    void theTextToReadCanBeChosen() {
        ScriptedScorer scorer = new ScriptedScorer(text -> text.length());
        process(RerankingDocumentPostProcessor.builder().scorer(scorer)
                .text(document -> document.getMetadata().get("title") + ": " + document.getText()),
                new Document("a", "28 days", Map.of("title", "Leave")));
        process(RerankingDocumentPostProcessor.builder().scorer(scorer),
                new Document("a", "28 days",
                        Map.of(RerankMetadata.TITLE, "Handbook", RerankMetadata.HEADINGS, List.of("Leave"))));
        assertEquals(List.of("Leave: 28 days", "Handbook Leave 28 days"), scorer.read());
    }

    @Test
    void tenThousandDocumentsAreManyButNoTrouble() {
        Document[] many = IntStream.range(0, 10_000)
                .mapToObj(i -> text("d" + i % 9_000, i == 30 ? "annual leave" : "x" + i))
                .toArray(Document[]::new);
        List<Document> documents = process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()), many);
        assertEquals(10_000, documents.size());
        assertEquals("d30", documents.getFirst().getId());
        assertEquals(10_000,
                process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()).depth(10_000), many)
                        .size());
        Document[] same = IntStream.range(0, 10_000).mapToObj(i -> text("same", "x" + i)).toArray(Document[]::new);
        assertEquals(10_000, process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer()), same).size());
    }

    @Test
    void listenersHear() {
        List<SearchResult> heard = new ArrayList<>();
        process(RerankingDocumentPostProcessor.builder().scorer(new WordScorer())
                .listener((request, result) -> heard.add(result)).limit(1), texts("a", "b"));
        assertEquals(1, heard.getFirst().ranking().size());
    }

    @Test
    void misuseIsSaid() {
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder();
        assertEquals("a post-processor needs a scorer or a reranker",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        assertMisuse("depth must be >= 1, got 0", () -> builder.depth(0));
        assertMisuse("limit must be >= 1, got -1", () -> builder.limit(-1));
        assertMisuse("timeout must be > 0, got PT0S", () -> builder.timeout(Duration.ZERO));
        assertMisuse("minScore must be finite, got NaN", () -> builder.minScore(Double.NaN));
        RerankingDocumentPostProcessor closed = builder.scorer(new WordScorer()).build();
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.process(LEAVE, List.of(texts("a"))));
        assertEquals(SearchRequest.DEFAULT_DEPTH, 50, "as the documentation says");
    }

    private static void assertMisuse(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static List<Document> process(RerankingDocumentPostProcessor.Builder builder, Document... documents) {
        try (RerankingDocumentPostProcessor reranking = builder.build()) {
            return reranking.process(LEAVE, List.of(documents));
        }
    }

    private static Document text(String id, String text) {
        return new Document(id, text, Map.of());
    }

    private static Document[] texts(String... texts) {
        return Arrays.stream(texts).map(text -> text(text, text)).toArray(Document[]::new);
    }

    private static Document scored(String id, String text, double score) {
        return text(id, text).mutate().score(score).build();
    }

    private static List<String> ids(List<Document> documents) {
        return documents.stream().map(Document::getId).toList();
    }

    private static Object metadata(Document document, String key) {
        return document.getMetadata().get(key);
    }

    private static List<String> stages(Document document) {
        return RerankMetadata.evidence(document).stream().map(Evidence::stage).toList();
    }

    private static double[] probabilities(String... texts) {
        float[] probabilities = new WordScorer().score(ScoreRequest.of(LEAVE.text(), List.of(texts))).probabilities();
        return IntStream.range(0, texts.length).mapToDouble(i -> probabilities[i]).toArray();
    }
}
