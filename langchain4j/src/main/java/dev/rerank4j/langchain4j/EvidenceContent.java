package dev.rerank4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A {@link Content} that says why it stands where it stands. {@link ContentMetadata} has three keys; what does not fit
 * into them, the {@linkplain #hit() hit} with the evidence of every stage, stands here. Immutable, as far as its segment
 * is.
 *
 * <pre>{@code
 * if (content instanceof EvidenceContent found) {
 *     found.evidence().forEach(System.out::println); // Evidence[stage=bm25, rank=3, score=7.1] ...
 * }
 * }</pre>
 */
public final class EvidenceContent implements Content {

    private final TextSegment segment;
    private final Map<ContentMetadata, Object> metadata;
    private final Hit hit;
    private final boolean degraded;

    private EvidenceContent(TextSegment segment, Map<ContentMetadata, Object> metadata, Hit hit, boolean degraded) {
        this.segment = segment;
        this.metadata = metadata;
        this.hit = hit;
        this.degraded = degraded;
    }

    /** A content with what a first stage said in its metadata, and the reranker's score if there is one. */
    static EvidenceContent of(TextSegment segment, Map<ContentMetadata, Object> firstStage, OptionalDouble reranked,
            Hit hit, boolean degraded) {
        Map<ContentMetadata, Object> metadata = new EnumMap<>(ContentMetadata.class);
        metadata.putAll(firstStage);
        metadata.remove(ContentMetadata.RERANKED_SCORE); // an older one would be taken for ours
        reranked.ifPresent(score -> metadata.put(ContentMetadata.RERANKED_SCORE, score));
        return new EvidenceContent(segment, Collections.unmodifiableMap(metadata), hit, degraded);
    }

    /**
     * The segment: of an {@link EvidenceContentAggregator} the very object that the first stage gave, of a {@link
     * TwoStageContentRetriever} one made of the passage.
     *
     * @return never null
     */
    @Override
    public TextSegment textSegment() {
        return segment;
    }

    /**
     * What LangChain4j knows of a content: {@code SCORE}, the first stage's, {@code EMBEDDING_ID}, and {@code
     * RERANKED_SCORE}, the reranker's, a {@link Double}: the probability, 0 to 1, if the model is calibrated, else its
     * score. Each is there only if somebody gave it; {@code RERANKED_SCORE} is missing where the reranker did not
     * answer, see {@link #degraded()}.
     *
     * @return immutable
     */
    @Override
    public Map<ContentMetadata, Object> metadata() {
        return metadata;
    }

    /**
     * The content as a hit: its passage, its score, and what each stage said.
     *
     * @return of a {@link TwoStageContentRetriever} with the passage of the index; of an {@link
     *         EvidenceContentAggregator} with the same passage if it comes from there, else with one made of the segment
     */
    public Hit hit() {
        return hit;
    }

    /**
     * What each stage said of it, in the order of the stages; the last stage last.
     *
     * @return not empty
     */
    public List<Evidence> evidence() {
        return hit.evidence();
    }

    /**
     * What one stage said of it.
     *
     * @param stage the stage's name, such as {@code bm25}, {@code retriever-1}, {@code fusion} or {@code rerank}
     * @return empty if that stage did not rank it
     */
    public Optional<Evidence> evidence(String stage) {
        return hit.evidence(stage);
    }

    /**
     * The score of the last stage, by which the contents are in order: of a cross-encoder the logit, without a reranker
     * or where it did not answer the first stage's.
     *
     * @return finite; higher is better; of any scale
     */
    public double score() {
        return hit.score();
    }

    /**
     * How likely the content answers the query.
     *
     * @return 0 to 1; empty unless a calibrated model scored it
     */
    public OptionalDouble probability() {
        return hit.probability();
    }

    /**
     * Whether a stage of the search that gave it failed or was cut off at the deadline: the content is real, but better
     * ones may be missing or the order coarser.
     *
     * @return the same for all contents of an answer
     */
    public boolean degraded() {
        return degraded;
    }

    /**
     * Equal segments make equal contents, whatever was said of them, as with LangChain4j's own {@code DefaultContent}.
     * Like there the other must be of the same class: a {@code DefaultContent} is never equal to an {@code
     * EvidenceContent}, because it would not say so in return.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof EvidenceContent content && segment.equals(content.segment);
    }

    @Override
    public int hashCode() {
        return Objects.hash(segment);
    }

    /** Without the text, which does not belong into logs. */
    @Override
    public String toString() {
        return "EvidenceContent[id=" + hit.passage().id() + ", metadata=" + metadata + ", evidence=" + hit.evidence()
                + ", degraded=" + degraded + "]";
    }
}
