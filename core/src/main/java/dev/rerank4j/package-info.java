/**
 * Two-stage retrieval: {@linkplain dev.rerank4j.Retriever retrievers} find candidates fast, a
 * {@linkplain dev.rerank4j.Reranker reranker} puts the best first.
 *
 * <p>One value flows through every stage, a {@link dev.rerank4j.Ranking} of {@linkplain dev.rerank4j.Hit hits} that
 * carry the {@linkplain dev.rerank4j.Evidence evidence} of each stage. {@link dev.rerank4j.SearchPipeline} runs the
 * stages within a deadline and answers with what it has where a stage fails:
 *
 * <pre>{@code
 * try (SearchPipeline pipeline = SearchPipeline.builder()
 *         .retriever(bm25)
 *         .retriever(vector)
 *         .fusion(Fusion.reciprocalRank(60))
 *         .reranker(Reranker.of(scorer))
 *         .build()) {
 *     SearchResult result = pipeline.search(SearchRequest.of("how many days of leave do I get"));
 *     result.ranking().forEach(hit -> System.out.println(hit.score() + " " + hit.passage().text()));
 * }
 * }</pre>
 *
 * <p>Misuse is an {@link java.lang.IllegalArgumentException} or {@link java.lang.IllegalStateException}; what the world
 * does is a {@link dev.rerank4j.RerankException} with a kind. No method takes or returns null.
 */
@NullMarked
package dev.rerank4j;

import org.jspecify.annotations.NullMarked;
