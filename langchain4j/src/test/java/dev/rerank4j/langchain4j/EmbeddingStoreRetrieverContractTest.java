package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.rerank4j.Deadline;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Retriever;
import dev.rerank4j.RetrieverContract;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Their store in memory keeps the contract of a retriever. */
class EmbeddingStoreRetrieverContractTest extends RetrieverContract {

    private static final WordEncoder ENCODER = new WordEncoder(256);

    @Override
    protected Retriever retriever(List<Passage> passages) {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        if (!passages.isEmpty()) {
            float[][] vectors = ENCODER.passages(passages.stream().map(Passage::content).toList());
            store.addAll(passages.stream().map(Passage::id).toList(),
                    Arrays.stream(vectors).map(Embedding::from).toList(),
                    passages.stream().map(passage -> Segments.segment(passage).orElseThrow()).toList());
        }
        return EmbeddingStoreRetriever.of(store, EncoderEmbeddingModel.of(ENCODER));
    }

    /** As far as a segment's metadata can hold it: one text for several values, and where it lies among the fields. */
    @Test
    @Override
    public void theOnlyPassageIsFoundAsItWasAdded() {
        Location location = new Location("fruit.md", List.of("Fruit", "Apples"), OptionalInt.of(3), 17, 31);
        Passage passage = new Passage("p/1", "d", "Fruit", "an apple a day", location,
                Map.of("kind", Value.of("fruit", "round"), "number", Value.of(7), "open", Value.of(true)));
        Passage found = retriever(List.of(passage)).retrieve(Query.of("apple"), 10, Deadline.none()).hits().getFirst()
                .passage();
        assertEquals(List.of("p/1", "d", "Fruit", "an apple a day", location),
                List.of(found.id(), found.documentId(), found.title(), found.text(), found.location()));
        assertTrue(found.metadata().entrySet().containsAll(Map.of("kind", Value.of("fruit, round"), "number",
                Value.of(7), "open", Value.of("true"), "page", Value.of(3)).entrySet()), found.metadata().toString());
    }
}
