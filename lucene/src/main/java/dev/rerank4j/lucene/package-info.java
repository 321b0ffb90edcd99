/**
 * One embedded index directory for both first stages: BM25 and nearest vectors over the same passages, with filters on
 * metadata, by Apache Lucene. {@link dev.rerank4j.lucene.LuceneIndex} is both the write side and where the two
 * {@linkplain dev.rerank4j.Retriever retrievers} come from:
 *
 * <pre>{@code
 * try (LuceneIndex index = LuceneIndex.open(directory, encoder, "en")) {
 *     index.add(List.of(Passage.of("leave", "Everybody has thirty days of paid leave a year.")));
 *     index.commit();
 *     try (SearchPipeline pipeline = SearchPipeline.builder()
 *             .retriever(index.bm25())
 *             .retriever(index.vector())
 *             .build()) {
 *         pipeline.search(SearchRequest.of("how much holiday do I get")).ranking().forEach(System.out::println);
 *     }
 * }
 * }</pre>
 *
 * <p>Many processes may read a directory while one writes it; each reader sees the last commit, documents whole.
 */
@NullMarked
package dev.rerank4j.lucene;

import org.jspecify.annotations.NullMarked;
