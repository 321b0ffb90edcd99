package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexerTest {

    @ParameterizedTest
    @CsvSource({"512, 512, 192", "8192, 8192, 192", "8192, 512, 192", "512, 8192, 192", "259, 200, 192",
            "258, 512, 191", "512, 199, 191", "128, 256, 61", "64, 512, 16", "512, 16, 16"})
    void passagesFitBothModelsAndAreNoLongerThanIsUsual(int reranker, int encoder, int size) {
        assertEquals(size, Indexer.size(reranker, encoder));
    }
}
