package dev.rerank4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A content while candidates are collected: found once or several times, by one retriever or several. */
final class Candidate {

    /** Of one width, so that the order of ids is the order in which contents were first seen: ties stand in it. */
    private static final int FIRST_ID = 10_000_000;

    private final TextSegment segment;
    private final Map<ContentMetadata, Object> metadata = new EnumMap<>(ContentMetadata.class);
    private final List<Evidence> evidence = new ArrayList<>(2);
    private final BitSet queries = new BitSet();
    private final Passage original;
    private final Passage ranked;

    Candidate(int number, Content content) {
        segment = content.textSegment();
        String id = Integer.toString(FIRST_ID + number);
        if (content instanceof EvidenceContent known) {
            original = known.hit().passage();
            ranked = new Passage(id, original.documentId(), original.title(), original.text(), original.location(),
                    original.metadata());
        } else {
            original = new Passage(id, id, "", segment.text(), Location.NONE, Map.of());
            ranked = original;
        }
    }

    /** The passage that stages rank. */
    Passage passage() {
        return ranked;
    }

    @Nullable
    Object embeddingId() {
        return metadata.get(ContentMetadata.EMBEDDING_ID);
    }

    /** Whether this is the content that a retriever calls by this id; one without an id is any of an equal segment. */
    boolean isCalled(@Nullable Object id) {
        return id == null || embeddingId() == null || embeddingId().equals(id);
    }

    /** Keeps what a retriever said of it at a rank; of two that give the same key, the first counts. */
    void found(Content content, String stage, int rank, int query) {
        Map<ContentMetadata, Object> said = metadata(content);
        said.forEach((key, value) -> {
            if (value != null) {
                metadata.putIfAbsent(key, value);
            }
        });
        if (content instanceof EvidenceContent known) {
            known.evidence().forEach(
                    earlier -> evidence
                            .add(new Evidence(stage + "/" + earlier.stage(), earlier.rank(), earlier.score())));
        }
        double score = said.get(ContentMetadata.SCORE) instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : 1.0 / rank;
        evidence.add(new Evidence(stage, rank, score));
        queries.set(query);
    }

    boolean foundBy(int query) {
        return queries.get(query);
    }

    Hit hit(double score) {
        return new Hit(ranked, score, OptionalDouble.empty(), evidence);
    }

    EvidenceContent content(Hit hit, OptionalDouble reranked, boolean degraded) {
        Hit named = new Hit(original, hit.score(), hit.probability(), hit.evidence());
        return EvidenceContent.of(segment, metadata, reranked, named, degraded);
    }

    static Map<ContentMetadata, Object> metadata(Content content) {
        Map<ContentMetadata, Object> metadata = content.metadata();
        return metadata == null ? Map.of() : metadata;
    }
}
