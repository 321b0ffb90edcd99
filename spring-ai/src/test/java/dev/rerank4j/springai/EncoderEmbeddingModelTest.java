package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Encoder;
import dev.rerank4j.WordEncoder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.TokenCountBatchingStrategy;
import org.springframework.util.MimeTypeUtils;

class EncoderEmbeddingModelTest {

    private final Encoder encoder = new WordEncoder(32);
    private final EncoderEmbeddingModel model = new EncoderEmbeddingModel(encoder);

    @Test
    void listsAndDocumentsArePassagesAndASingleTextIsAQuery() {
        float[] passage = encoder.passages(List.of("annual leave"))[0];
        assertArrayEquals(passage, model.embed(List.of("sick pay", "annual leave")).get(1));
        assertArrayEquals(passage, model.embed(new Document("annual leave")));
        assertArrayEquals(passage, model.embed(List.of(new Document("annual leave")), null,
                new TokenCountBatchingStrategy()).getFirst());
        assertArrayEquals(encoder.query("annual leave"), model.embed("annual leave"));
    }

    @Test
    void theAnswerKeepsTheOrderAndNamesTheModel() {
        EmbeddingResponse response = model.embedForResponse(List.of("a", "b", "a"));
        assertEquals(List.of(0, 1, 2), response.getResults().stream().map(result -> result.getIndex()).toList());
        assertArrayEquals(response.getResults().get(0).getOutput(), response.getResults().get(2).getOutput());
        assertEquals("words-32", response.getMetadata().getModel());
        assertEquals(0, response.getMetadata().getUsage().getTotalTokens());
        assertTrue(model.call(new EmbeddingRequest(List.of(), null)).getResults().isEmpty());
        assertEquals(32, model.dimensions());
    }

    @Test
    void titleAndHeadingsAreEncodedAsInAnIndex() {
        Document piece = new Document("p", "28 days.", Map.of(RerankMetadata.TITLE, "Handbook", RerankMetadata.HEADINGS,
                List.of("Leave"), "title", "another"));
        assertArrayEquals(encoder.passages(List.of("Handbook Leave 28 days."))[0], model.embed(piece));
        assertArrayEquals(model.embed(piece),
                model.embed(List.of(piece), null, new TokenCountBatchingStrategy()).getFirst());
    }

    @Test
    void otherDimensionsAreRefused() {
        EmbeddingRequest same = new EmbeddingRequest(List.of("a"), EmbeddingOptions.builder().dimensions(32).build());
        assertEquals(1, model.call(same).getResults().size());
        EmbeddingRequest other = new EmbeddingRequest(List.of("a"), EmbeddingOptions.builder().dimensions(16).build());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> model.call(other));
        assertEquals("dimensions must be 32, got 16", e.getMessage());
    }

    @Test
    void mediaCannotBeEncoded() {
        Document picture = new Document("p",
                new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/p.png")),
                Map.of());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> model.embed(picture));
        assertEquals("document p must have a text, got media", e.getMessage());
    }

    @Test
    void aClosedEncoderIsNotUsed() {
        encoder.close();
        assertThrows(IllegalStateException.class, () -> model.embed("a"));
    }
}
