package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexerTest {

    @ParameterizedTest
    @CsvSource({"512, 512, 445", "8192, 8192, 445", "8192, 512, 445", "512, 8192, 445", "512, 256, 248",
            "256, 512, 189",
            "128, 256, 61", "64, 512, 16", "512, 16, 16"})
    void passagesFitBothModelsAndAreNoLongerThanIsUsual(int reranker, int encoder, int size) {
        assertEquals(size, Indexer.size(reranker, encoder));
    }
}
