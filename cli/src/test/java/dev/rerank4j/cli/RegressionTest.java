package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegressionTest {

    private static final String GOOD = """
            collection: examples/handbook
            queries: 10
            configuration:
              index: {language: de}
              search: {depth: 30}
            systems:
              bm25: {search: {retriever: bm25}, reranker: {model: none}}
              default: {}
            expected:
            - {system: bm25, metric: ndcg@10, value: 0.5, tolerance: 0.01}
            - {system: default, metric: mrr@10, not-below: bm25}
            """;

    @Test
    void aSystemIsTheDefaultsTheCommonSettingsAndItsOwn() {
        Regression regression = Regression.parse(GOOD);
        Config config = regression.config("bm25");
        assertEquals("de", config.index().language());
        assertEquals(30, config.depth());
        assertEquals(Config.Retrieval.BM25, config.search().retriever());
        assertEquals(ModelName.NONE, config.reranker().model());
        assertEquals(Config.DEFAULTS.reranker(), regression.config("default").reranker());
        assertEquals("bm25 ndcg@10 is 0.5", regression.expected().get(0).title());
        assertEquals("default mrr@10 is not below bm25", regression.expected().get(1).title());
        assertEquals(0, regression.expected().get(1).within());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    queries: 10         | querys: 10        | unknown key querys; did you mean queries? known are
                    queries: 10         | queries: 0        | queries must be >= 1, got 0
                    collection: examples/handbook | # none  | collection must name a folder, or shared:NAME
                    depth: 30           | dept: 30          | system bm25: unknown key search.dept; did you mean depth?
                    retriever: bm25     | retriever: bm52   | system bm25: search.retriever must be one of bm25, vector, hybrid
                    not-below: bm25     | not-below: bm24   | there is no system bm24; did you mean bm25?
                    not-below: bm25     | notbelow: bm25    | unknown key expected.1.notbelow; did you mean not-below?
                    not-below: bm25     | value: 0.5        | expected.1: tolerance must be >= 0, got none
                    tolerance: 0.01     | tolerance: -1     | tolerance must be >= 0, got -1
                    value: 0.5          | not-below: bm25, value: 0.5 | an expectation must have value or not-below, and not both
                    value: 0.5          | value: 50         | value must be 0 to 1, got 50
                    metric: ndcg@10     | metric: ndgc@10   | metric must be one of ndcg
                    metric: ndcg@10     | metric: ndcg@20   | system bm25: ndcg@20 needs a cut-off of at most search.limit, 10
                    metric: ndcg@10     | metric: map       | system bm25: map needs a cut-off
                    system: default     | system: defautl   | there is no system defautl; did you mean default?
                    expected:           | expected: [         | not YAML at line
                    """)
    void whatIsWrongIsSaid(String good, String bad, String message) {
        assertTrue(GOOD.contains(good), good);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Regression.parse(GOOD.replace(good, bad)));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
