package dev.rerank4j.langchain4j;

import static dev.rerank4j.langchain4j.Contents.found;
import static dev.rerank4j.langchain4j.Contents.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.rerank4j.WordScorer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvidenceContentTest {

    @Test
    void equalSegmentsMakeEqualContentsWhateverWasSaidOfThem() {
        Content one = aggregated("apples", stored("red apples", 0.9, "e-1"));
        Content other = aggregated("pears", stored("red apples", 0.1, "e-2"));
        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        assertEquals(1, Set.of(one).size());
        assertNotEquals(one, aggregated("apples", stored("green apples", 0.9, "e-1")));
    }

    @Test
    void neverEqualToAContentOfTheirsInEitherDirection() {
        Content theirs = stored("red apples", 0.9, "e-1");
        Content ours = aggregated("apples", theirs);
        assertNotEquals(theirs, ours);
        assertNotEquals(ours, theirs);
        assertEquals(theirs.hashCode(), ours.hashCode(), "nor in different buckets");
    }

    @Test
    void metadataIsImmutableAndTheTextDoesNotGetIntoLogs() {
        Content content = aggregated("apples", stored("red apples", 0.9, "e-1"));
        assertThrows(UnsupportedOperationException.class,
                () -> content.metadata().put(ContentMetadata.SCORE, 1.0));
        assertFalse(content.toString().contains("red"), content.toString());
        assertEquals("e-1", Contents.evidence(content).hit().passage().id());
    }

    private static Content aggregated(String query, Content content) {
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            return aggregator.aggregate(found(query, List.of(content))).getFirst();
        }
    }
}
