package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Encoder;
import dev.rerank4j.EncoderContract;
import dev.rerank4j.RerankException;
import dev.rerank4j.WordEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

class EmbeddingModelEncoderTest extends EncoderContract {

    private final Encoder shared = freshEncoder();

    @Override
    protected Encoder encoder() {
        return shared;
    }

    @Override
    protected Encoder freshEncoder() {
        return new EmbeddingModelEncoder("theirs", new EncoderEmbeddingModel(new WordEncoder(64)));
    }

    @Override
    protected String queryInstruction() {
        return WordEncoder.INSTRUCTION;
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }

    @Test
    void bringsVectorsToLengthOneAndPutsItsInstructionBeforeQueries() {
        Encoder encoder = new EmbeddingModelEncoder("scripted", new Scripted(text -> new float[]{3, text.length()}),
                "ask: ");
        assertEquals(2, encoder.dimension());
        assertArrayEquals(new float[]{0.6f, 0.8f}, encoder.passages(List.of("four"))[0]);
        float length = (float) Math.sqrt(9 + 49);
        assertArrayEquals(new float[]{3 / length, 7 / length}, encoder.query("no"), 1e-6f);
    }

    @Test
    void longListsAreHandedOverInParts() {
        Scripted model = new Scripted(text -> new float[]{Float.parseFloat(text), 1});
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            texts.add(String.valueOf(i));
        }
        float[][] vectors = new EmbeddingModelEncoder("scripted", model).passages(texts);
        for (int i = 0; i < 300; i++) {
            assertEquals(i, vectors[i][0] / vectors[i][1], 1e-2);
        }
        assertEquals(List.of(128, 128, 44), model.sizes.stream().filter(size -> size > 1).toList());
    }

    @Test
    void aModelThatFailsIsUnavailableAndItsMessageIsKeptOut() {
        RuntimeException failure = new IllegalStateException("429 for 'a secret text'");
        Encoder encoder = new EmbeddingModelEncoder("remote", new Scripted(text -> {
            throw failure;
        }));
        RerankException e = assertThrows(RerankException.class, () -> encoder.passages(List.of("a secret text")));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertEquals("embedding model remote failed: java.lang.IllegalStateException", e.getMessage());
        assertSame(failure, e.getCause());
        assertEquals(RerankException.Kind.UNAVAILABLE,
                assertThrows(RerankException.class, encoder::dimension).kind());
    }

    @Test
    void vectorsThatAreNoneAreTheModelsFault() {
        assertModelFault("gave a vector without direction", text -> new float[]{0, 0});
        assertModelFault("gave a vector without direction", text -> new float[]{Float.NaN, 1});
        assertModelFault("gave a vector of 1 numbers instead of 2",
                text -> text.equals("odd") ? new float[]{1} : new float[]{1, 1});
    }

    @Test
    void aModelThatLosesTextsIsRefused() {
        EmbeddingModel forgetful = new Scripted(text -> new float[]{1, 1}) {
            @Override
            public EmbeddingResponse call(EmbeddingRequest request) {
                return new EmbeddingResponse(List.of(new Embedding(new float[]{1, 1}, 0)));
            }
        };
        RerankException e = assertThrows(RerankException.class,
                () -> new EmbeddingModelEncoder("forgetful", forgetful).passages(List.of("a", "b")));
        assertEquals("embedding model forgetful gave 1 vectors for 2 texts", e.getMessage());
    }

    @Test
    void aNameMustNotBeBlank() {
        assertThrows(IllegalArgumentException.class,
                () -> new EmbeddingModelEncoder(" ", new EncoderEmbeddingModel(new WordEncoder(4))));
        assertFalse(encoder().name().isBlank());
    }

    private static void assertModelFault(String message, Vectors vectors) {
        Encoder encoder = new EmbeddingModelEncoder("scripted", new Scripted(vectors));
        RerankException e = assertThrows(RerankException.class, () -> encoder.passages(List.of("odd")));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertEquals("embedding model scripted " + message, e.getMessage());
    }

    private interface Vectors {
        float[] of(String text);
    }

    /** An embedding model that answers as its test says. */
    private static class Scripted implements EmbeddingModel {

        private final Vectors vectors;
        private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

        Scripted(Vectors vectors) {
            this.vectors = vectors;
        }

        @Override
        public EmbeddingResponse call(EmbeddingRequest request) {
            List<String> texts = request.getInstructions();
            sizes.add(texts.size());
            List<Embedding> embeddings = new ArrayList<>();
            texts.forEach(text -> embeddings.add(new Embedding(vectors.of(text), embeddings.size())));
            return new EmbeddingResponse(embeddings);
        }

        @Override
        public float[] embed(Document document) {
            return vectors.of(String.valueOf(document.getText()));
        }

        @Override
        public int dimensions() {
            return vectors.of("4").length;
        }
    }
}
