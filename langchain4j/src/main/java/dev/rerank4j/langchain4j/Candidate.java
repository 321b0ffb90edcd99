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

    private final Content first;
    private final Map<ContentMetadata, Object> metadata = new EnumMap<>(ContentMetadata.class);
    private final List<Evidence> evidence = new ArrayList<>(2);
    private final BitSet queries = new BitSet();

    Candidate(Content first) {
        this.first = first;
    }

    @Nullable
    Object embeddingId() {
        return metadata.get(ContentMetadata.EMBEDDING_ID);
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
            for (Evidence earlier : known.evidence()) {
                evidence.add(new Evidence(stage + "/" + earlier.stage(), earlier.rank(), earlier.score()));
            }
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

    /** As stages rank it, under an id for this call alone; what an embedding store calls it need not be unique. */
    Hit hit(String id, double score) {
        Passage passage = first instanceof EvidenceContent known
                ? renamed(known.hit().passage(), id)
                : new Passage(id, id, "", segment().text(), Location.NONE, Map.of());
        return new Hit(passage, score, OptionalDouble.empty(), evidence);
    }

    /** The content of a ranked hit. */
    EvidenceContent content(Hit hit, OptionalDouble reranked, boolean degraded) {
        Passage passage = first instanceof EvidenceContent known
                ? known.hit().passage()
                : embeddingId() instanceof String id && !id.isBlank() ? renamed(hit.passage(), id) : hit.passage();
        Hit named = new Hit(passage, hit.score(), hit.probability(), hit.evidence());
        return EvidenceContent.of(segment(), metadata, reranked, named, degraded);
    }

    private TextSegment segment() {
        return first.textSegment();
    }

    private static Passage renamed(Passage passage, String id) {
        String documentId = passage.documentId().equals(passage.id()) ? id : passage.documentId();
        return new Passage(id, documentId, passage.title(), passage.text(), passage.location(), passage.metadata());
    }

    static Map<ContentMetadata, Object> metadata(Content content) {
        Map<ContentMetadata, Object> metadata = content.metadata();
        return metadata == null ? Map.of() : metadata;
    }
}
