package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.rerank4j.RerankException;
import dev.rerank4j.WordEncoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Encoders and their embedding models as each other. */
class EmbeddingModelEncoderTest {

    @Test
    void vectorsAreBroughtToLengthOneAndTheirsLeftAlone() {
        float[] theirs = {3, 0, 4};
        EmbeddingModelEncoder encoder = EmbeddingModelEncoder.of(Models.answering(texts -> List.of(theirs)), "m");
        assertArrayEquals(new float[]{0.6f, 0, 0.8f}, encoder.query("a"), 1e-6f);
        assertArrayEquals(new float[]{0.6f, 0, 0.8f}, encoder.passages(List.of("a"))[0], 1e-6f);
        assertArrayEquals(new float[]{3, 0, 4}, theirs);
        assertEquals(3, encoder.dimension());
    }

    @Test
    void blankTextsAreAFullStopToAModelThatRefusesThem() {
        List<String> asked = new ArrayList<>();
        EmbeddingModelEncoder encoder = EmbeddingModelEncoder.of(Models.answering(texts -> {
            asked.addAll(texts);
            return texts.stream().map(text -> new float[]{1, 2, 3}).toList();
        }), "m");
        assertEquals(4, encoder.passages(List.of("", " \n", "\0", "a")).length);
        assertEquals(List.of(".", ".", ".", "a"), asked);
    }

    @Test
    void aModelWithoutNameMustBeGivenOne() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> EmbeddingModelEncoder.of(Models.answering(texts -> List.of()))).getMessage()
                .endsWith("must tell its name, or be given one: EmbeddingModelEncoder.of(model, name)"));
        assertEquals("name of an embedding model must not be blank", assertThrows(IllegalArgumentException.class,
                () -> EmbeddingModelEncoder.of(Models.answering(texts -> List.of()), "")).getMessage());
        assertEquals("words-8", EmbeddingModelEncoder.of(EncoderEmbeddingModel.of(new WordEncoder(8))).name());
    }

    @Test
    void whatAModelMustNotGiveIsSaid() {
        assertModelError("model m gave 0 vectors for 1 texts", List.of());
        assertModelError("model m gave a vector of 2 numbers instead of 3", List.of(new float[2]));
        assertModelError("model m gave a vector of length 0.0", List.of(new float[3]));
        assertModelError("model m gave a vector of length NaN", List.of(new float[]{1, Float.NaN, 1}));
        assertModelError("model m gave a vector of length Infinity",
                List.of(new float[]{1, Float.POSITIVE_INFINITY, 1}));
    }

    @Test
    void whatAModelThrowsBecomesUnavailable() {
        RuntimeException cause = new IllegalStateException("no key for: secret text");
        RerankException e = assertThrows(RerankException.class,
                () -> EmbeddingModelEncoder.of(Models.answering(texts -> {
                    throw cause;
                }), "m").query("secret text"));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertEquals("model m failed: java.lang.IllegalStateException", e.getMessage());
        assertSame(cause, e.getCause());
    }

    @Test
    void oursAsTheirsKnowsTheInputTypeAndNoOtherParameter() {
        WordEncoder encoder = new WordEncoder(64);
        EncoderEmbeddingModel model = EncoderEmbeddingModel.of(encoder);
        assertArrayEquals(encoder.passages(List.of("apples"))[0], model.embed("apples").content().vector());
        assertArrayEquals(encoder.query("apples"), model.embed(EmbeddingRequest.builder().input("apples")
                .inputType(EmbeddingInputType.QUERY).build()).embeddings().getFirst().vector());
        assertArrayEquals(encoder.passages(List.of("apples"))[0], model.embed(EmbeddingRequest.builder()
                .input("apples").inputType(EmbeddingInputType.DOCUMENT).build()).embeddings().getFirst().vector());
        assertEquals("words-64", model.embed(EmbeddingRequest.builder().input("a").build()).modelName());
        assertEquals(64, model.dimension());
        assertThrows(UnsupportedFeatureException.class,
                () -> model.embed(EmbeddingRequest.builder().input("a").dimensions(3).build()));
        assertEquals(Response.from(List.of()), model.embedAll(List.of()));
        assertThrows(IllegalArgumentException.class, () -> model.embed(" "), "theirs refuse blank texts");
        model.close();
        assertEquals(1, encoder.passages(List.of("a")).length, "its maker closes it");
    }

    @Test
    void theBuiltInEncoderServesTheirIngestorAndRetriever() {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        try (EncoderEmbeddingModel model = EncoderEmbeddingModel.builtIn()) {
            EmbeddingStoreIngestor.builder().embeddingModel(model).embeddingStore(store).build()
                    .ingest(List.of("Paris is the capital of France.", "Bananas are yellow when they are ripe.",
                            "Rain is expected in the afternoon.").stream()
                            .map(dev.langchain4j.data.document.Document::from).toList());
            List<Content> contents = EmbeddingStoreContentRetriever.builder().embeddingModel(model)
                    .embeddingStore(store).embeddingInputType(EmbeddingInputType.QUERY).maxResults(1).build()
                    .retrieve(Query.from("which city governs the french"));
            assertEquals(List.of("Paris is the capital of France."), Contents.texts(contents));
            model.close();
            assertThrows(IllegalStateException.class, () -> model.embed("a"));
        }
    }

    private static void assertModelError(String message, List<float[]> vectors) {
        RerankException e = assertThrows(RerankException.class,
                () -> EmbeddingModelEncoder.of(Models.answering(texts -> vectors), "m").query("a"));
        assertEquals(message, e.getMessage());
        assertEquals(RerankException.Kind.MODEL, e.kind());
    }
}
