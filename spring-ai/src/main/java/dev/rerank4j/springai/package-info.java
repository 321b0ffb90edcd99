/**
 * Rerank4j in Spring AI: a second stage behind any retriever, whole searches as a retriever, and models and vector stores
 * of either side for the other.
 *
 * <p>{@link dev.rerank4j.springai.RerankingDocumentPostProcessor} reranks what a
 * {@code RetrievalAugmentationAdvisor} has retrieved, in one line, which can be taken out again:
 *
 * <pre>{@code
 * try (Scorer scorer = OnnxScorer.builtIn();
 *         RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(scorer)) {
 *     ChatClient client = ChatClient.builder(model)
 *             .defaultAdvisors(RetrievalAugmentationAdvisor.builder()
 *                     .documentRetriever(VectorStoreDocumentRetriever.builder().vectorStore(store).topK(20).build())
 *                     .documentPostProcessors(reranking)
 *                     .build())
 *             .build();
 *     System.out.println(client.prompt("How much holiday do I get?").call().content());
 * }
 * }</pre>
 *
 * <p>{@link dev.rerank4j.springai.TwoStageDocumentRetriever} takes the retriever's place with a whole
 * {@link dev.rerank4j.SearchPipeline}, of which {@link dev.rerank4j.springai.VectorStoreFirstStage} makes a vector store a
 * part; {@link dev.rerank4j.springai.IndexDocumentWriter} fills an index. {@link dev.rerank4j.springai.RerankMetadata}
 * names what documents then say of themselves.
 *
 * <p>Metadata, any object in Spring AI, is compared by filters as a {@link dev.rerank4j.Value}: strings and characters as
 * texts, but those that are ISO-8601 dates, or dates and times with an offset, as moments, like {@code Date},
 * {@code Calendar}, {@code Instant}, {@code LocalDate} (its first moment in UTC), {@code OffsetDateTime} and
 * {@code ZonedDateTime}; numbers as numbers, but NaN, the infinite and whole ones beyond 2<sup>53</sup> as texts; booleans
 * as flags; enum constants by their name; collections and arrays as several values, flat and without null; anything else
 * by its {@code toString()}. On the way back moments are strings such as {@code 2026-03-01T12:00:00Z}, whole numbers
 * {@code Integer} or, if that is too small, {@code Long}, and other numbers {@code Double}. The post-processor hands on the
 * metadata it was given as it is.
 */
@NullMarked
package dev.rerank4j.springai;

import org.jspecify.annotations.NullMarked;
