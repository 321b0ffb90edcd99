package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Arrays;
import java.util.Collections;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.vectorstore.SimpleVectorStore;

class ObservationTest {

    private static final Query SECRET = new Query("secret question");
    private static final List<Document> DOCUMENTS = List.of(new Document("a", "secret answer", Map.of()),
            new Document("b", "secret too", Map.of()));

    private final Heard heard = new Heard();

    @Test
    void aRerankingIsObserved() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer())
                .limit(1).observationRegistry(heard.registry).build()) {
            reranking.process(SECRET, DOCUMENTS);
        }
        Observation.Context context = heard.stopped.getFirst();
        assertEquals("rerank4j.operation", context.getName());
        assertEquals("rerank4j rerank", context.getContextualName());
        assertEquals(Map.of("spring.ai.kind", "document_post_processor", "rerank4j.operation", "rerank",
                "rerank4j.outcome", "complete", "rerank4j.failed_stages", "none"), low(context));
        Map<String, String> high = high(context);
        assertTrue(high.remove("rerank4j.stages").matches("rerank=\\d+ms"));
        assertEquals(
                Map.of("rerank4j.limit", "1", "rerank4j.depth", "50", "rerank4j.candidates", "2", "rerank4j.hits", "1"),
                high);
        assertFalse(context.getAllKeyValues().toString().contains("secret"));
        assertEquals(KeyValue.of("rerank4j.outcome", "unknown"), heard.startedWith.getFirst());
    }

    @Test
    void aDegradedSearchIsObservedWithWhatFailed() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new VectorStoreFirstStage(request -> DOCUMENTS))
                .retriever(new VectorStoreFirstStage("other", request -> {
                    throw new IllegalStateException("down");
                })).reranker(Reranker.of(new WordScorer())).build()) {
            TwoStageDocumentRetriever.builder(pipeline).observationRegistry(heard.registry).build().retrieve(SECRET);
        }
        Observation.Context context = heard.stopped.getFirst();
        assertEquals("rerank4j search", context.getContextualName());
        assertEquals(Map.of("spring.ai.kind", "document_retriever", "rerank4j.operation", "search", "rerank4j.outcome",
                "degraded", "rerank4j.failed_stages", "other"), low(context));
        assertTrue(high(context).get("rerank4j.stages")
                .matches("vector-store=\\d+ms,other=\\d+ms,fusion=\\d+ms,rerank=\\d+ms"), high(context).toString());
        assertFalse(high(context).containsKey("rerank4j.candidates"));
    }

    @Test
    void aFailedSearchIsObservedWithItsError() {
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(new VectorStoreFirstStage(request -> {
            throw new IllegalStateException("down");
        })).build()) {
            TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline)
                    .observationRegistry(heard.registry).build();
            RerankException e = assertThrows(RerankException.class, () -> retriever.retrieve(SECRET));
            assertSame(e, heard.stopped.getFirst().getError());
            assertEquals("failed", low(heard.stopped.getFirst()).get("rerank4j.outcome"));
            assertEquals(Map.of("rerank4j.limit", "10", "rerank4j.depth", "50"), high(heard.stopped.getFirst()));
        }
    }

    @Test
    void theStoresOwnObservationIsAChildOfOurs() {
        SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(8)))
                .observationRegistry(heard.registry).build();
        store.add(DOCUMENTS);
        heard.stopped.clear();
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(new VectorStoreFirstStage(store)).build()) {
            TwoStageDocumentRetriever.builder(pipeline).observationRegistry(heard.registry).build().retrieve(SECRET);
        }
        assertEquals(List.of("db.vector.client.operation", "rerank4j.operation"),
                heard.stopped.stream().map(Observation.Context::getName).toList());
        assertSame(heard.stopped.get(1),
                heard.stopped.get(0).getParentObservation().getContextView());
        assertEquals(null, heard.registry.getCurrentObservation(), "nothing is left behind");
    }

    @Test
    void anotherConventionMayNameThem() {
        RerankObservationConvention mine = new DefaultRerankObservationConvention() {
            @Override
            public String getName() {
                return "my.rerank";
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(RerankObservationContext context) {
                return KeyValues.of("hits",
                        String.valueOf(context.getResult().map(r -> r.ranking().size()).orElse(-1)));
            }
        };
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.builder()
                .scorer(new WordScorer())
                .observationRegistry(heard.registry).observationConvention(mine).build()) {
            reranking.process(SECRET, DOCUMENTS);
        }
        assertEquals("my.rerank", heard.stopped.getFirst().getName());
        assertEquals(Map.of("hits", "2"), low(heard.stopped.getFirst()));
    }

    @Test
    void everyKeyIsDocumented() {
        List<String> low = List.of("spring.ai.kind", "rerank4j.operation", "rerank4j.outcome",
                "rerank4j.failed_stages");
        assertEquals(low, Arrays.stream(RerankObservationDocumentation.RERANK.getLowCardinalityKeyNames())
                .map(key -> key.asString()).toList());
        assertEquals(DefaultRerankObservationConvention.class,
                RerankObservationDocumentation.RERANK.getDefaultConvention());
    }

    private static Map<String, String> low(Observation.Context context) {
        return map(context.getLowCardinalityKeyValues());
    }

    private static Map<String, String> high(Observation.Context context) {
        return map(context.getHighCardinalityKeyValues());
    }

    private static Map<String, String> map(KeyValues values) {
        Map<String, String> map = new TreeMap<>();
        values.forEach(value -> map.put(value.getKey(), value.getValue()));
        return map;
    }

    /** Hears of every observation. */
    private static final class Heard implements ObservationHandler<Observation.Context> {

        private final ObservationRegistry registry = ObservationRegistry.create();
        private final List<Observation.Context> stopped = Collections.synchronizedList(new ArrayList<>());
        private final List<KeyValue> startedWith = Collections.synchronizedList(new ArrayList<>());

        Heard() {
            registry.observationConfig().observationHandler(this);
        }

        @Override
        public void onStart(Observation.Context context) {
            KeyValue outcome = context.getLowCardinalityKeyValue("rerank4j.outcome");
            if (outcome != null) {
                startedWith.add(outcome);
            }
        }

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
