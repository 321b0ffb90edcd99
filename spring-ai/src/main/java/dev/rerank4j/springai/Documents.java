package dev.rerank4j.springai;

import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.SearchResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.ai.document.Document;

/** Spring AI's documents as passages, and hits as Spring AI's documents. */
final class Documents {

    /** Where Spring AI's text splitters note what a piece was cut from. */
    static final String PARENT = "parent_document_id";

    private Documents() {
    }

    /** What one of these documents is to the stages; its place among the metadata's own keys is read back. */
    static Passage passage(String id, String text, Map<String, Object> metadata) {
        Map<String, Object> own = new HashMap<>(metadata);
        own.keySet().removeIf(key -> key.startsWith(RerankMetadata.PREFIX));
        return new Passage(id, documentId(id, metadata), string(metadata, RerankMetadata.TITLE), text,
                location(metadata), MetadataValues.values(own));
    }

    /** The hits as documents, best first, with their evidence. */
    static List<Document> of(SearchResult result, MinScore minScore) {
        List<Hit> hits = minScore.of(result.ranking().hits(), result.degraded());
        double[] scores = DescendingScores.of(hits);
        List<Document> documents = new ArrayList<>(hits.size());
        for (int i = 0; i < hits.size(); i++) {
            Passage passage = hits.get(i).passage();
            Map<String, Object> metadata = metadata(passage);
            RerankMetadata.putHit(metadata, hits.get(i), i + 1);
            RerankMetadata.putOutcome(metadata, result);
            documents.add(Document.builder().id(passage.id()).text(passage.text()).metadata(metadata).score(scores[i])
                    .build());
        }
        return documents;
    }

    /** The fields of a passage and where it stands. */
    static Map<String, Object> metadata(Passage passage) {
        Map<String, Object> metadata = MetadataValues.objects(passage.metadata());
        metadata.put(RerankMetadata.DOCUMENT_ID, passage.documentId());
        putUnlessEmpty(metadata, RerankMetadata.TITLE, passage.title());
        Location location = passage.location();
        putUnlessEmpty(metadata, RerankMetadata.FILE, location.file());
        if (!location.headings().isEmpty()) {
            metadata.put(RerankMetadata.HEADINGS, location.headings());
        }
        location.page().ifPresent(page -> metadata.put(RerankMetadata.PAGE, page));
        if (location.end() > 0) {
            metadata.put(RerankMetadata.START, location.start());
            metadata.put(RerankMetadata.END, location.end());
        }
        return metadata;
    }

    private static void putUnlessEmpty(Map<String, Object> metadata, String key, String value) {
        if (!value.isEmpty()) {
            metadata.put(key, value);
        }
    }

    private static String documentId(String id, Map<String, Object> metadata) {
        for (String key : List.of(RerankMetadata.DOCUMENT_ID, PARENT)) {
            if (metadata.get(key) instanceof String parent && !parent.isBlank()) {
                return parent;
            }
        }
        return id;
    }

    private static Location location(Map<String, Object> metadata) {
        List<String> headings = metadata.get(RerankMetadata.HEADINGS) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
        OptionalInt page = metadata.get(RerankMetadata.PAGE) instanceof Number number && number.intValue() >= 1
                ? OptionalInt.of(number.intValue())
                : OptionalInt.empty();
        int start = metadata.get(RerankMetadata.START) instanceof Number number ? Math.max(0, number.intValue()) : 0;
        int end = metadata.get(RerankMetadata.END) instanceof Number number ? number.intValue() : 0;
        return new Location(string(metadata, RerankMetadata.FILE), headings, page, Math.min(start, Math.max(0, end)),
                Math.max(0, end));
    }

    private static String string(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof String text ? text : "";
    }
}
