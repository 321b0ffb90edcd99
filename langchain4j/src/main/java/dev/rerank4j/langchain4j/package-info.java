/**
 * Rerank4j in LangChain4j: adapters in both directions, each one line in an application that exists.
 *
 * <p>{@link dev.rerank4j.langchain4j.EvidenceContentAggregator} reranks what content retrievers found, {@link
 * dev.rerank4j.langchain4j.TwoStageContentRetriever} is a whole search as one of them, and {@link
 * dev.rerank4j.langchain4j.RerankScoringModel} scores for code that wants scores. {@link
 * dev.rerank4j.langchain4j.EmbeddingStoreRetriever}, {@link dev.rerank4j.langchain4j.EmbeddingModelEncoder} and {@link
 * dev.rerank4j.langchain4j.EncoderEmbeddingModel} bring embedding stores and models into a search, or ours to theirs.
 *
 * <pre>{@code
 * try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builtIn()) {
 *     RetrievalAugmentor augmentor = DefaultRetrievalAugmentor.builder()
 *             .contentRetriever(retriever)
 *             .contentAggregator(aggregator)
 *             .build();
 *     for (Content content : augmentor.augment(question).contents()) {
 *         if (content instanceof EvidenceContent found) {
 *             System.out.println(found.metadata() + " " + found.evidence());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Nothing here but the static methods {@code builtIn()} needs the modules {@code onnx} and {@code model}: with a scorer
 * of one's own they can be excluded. Null comes in only where LangChain4j's interfaces let it, and is said where; methods
 * that are ours take and return none.
 */
@NullMarked
package dev.rerank4j.langchain4j;

import org.jspecify.annotations.NullMarked;
