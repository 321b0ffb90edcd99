package dev.rerank4j.ingest;

import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@link Chunker#namingLanguages}. */
record LanguageChunker(Chunker chunker, LanguageDetector detector) implements Chunker {

    LanguageChunker {
        Objects.requireNonNull(chunker, "chunker");
        Objects.requireNonNull(detector, "detector");
    }

    @Override
    public List<Passage> chunk(SectionedDocument document) {
        return chunker.chunk(document).stream().map(this::named).toList();
    }

    private Passage named(Passage passage) {
        return passage.metadata().containsKey(LanguageDetector.FIELD)
                ? passage
                : language(passage).map(language -> with(passage, language)).orElse(passage);
    }

    /** Titles and headings help with short texts only: of a long one, they can be in another language. */
    private Optional<String> language(Passage passage) {
        return detector.detect(passage.text()).or(() -> passage.content().equals(passage.text())
                ? Optional.empty()
                : detector.detect(passage.content()));
    }

    private static Passage with(Passage passage, String language) {
        Map<String, Value> metadata = new HashMap<>(passage.metadata());
        metadata.put(LanguageDetector.FIELD, Value.of(language));
        return new Passage(passage.id(), passage.documentId(), passage.title(), passage.text(), passage.location(),
                metadata);
    }
}
