package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An index in a real OpenSearch. */
@Timeout(120)
class OpenSearchIndexTest {

    @AfterEach
    void clear() {
        RealOpenSearch.clear();
    }

    @Test
    void whatIsAddedIsFoundByItsWords() {
        try (OpenSearchIndex index = OpenSearchIndex.open(RealOpenSearch.options(RealOpenSearch.newIndex()))) {
            Passage passage = Passage.of("a", "The apples fell from the tree.");
            index.add(List.of(passage, Passage.of("b", "A boat sank.")));
            index.commit();
            assertEquals(List.of(passage), index.bm25().retrieve(Query.of("what is an apple?"), 10, Deadline.none())
                    .hits().stream().map(Hit::passage).toList());
        }
    }
}
