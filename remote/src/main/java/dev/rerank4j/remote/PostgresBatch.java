package dev.rerank4j.remote;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * As many passages as are written by one statement.
 *
 * @param passages of one or more documents
 * @param places which passage of its document each is, from 0
 * @param vectors of each; empty if the index has none
 */
record PostgresBatch(List<Passage> passages, List<Integer> places, List<String> vectors) {

    /** How many passages are encoded and written at once. */
    private static final int MOST = 512;

    /** How many characters these may have, unless a single passage has more. */
    private static final int MOST_CHARACTERS = 4 << 20;

    /**
     * Passages by document, so many documents together that they fill a batch.
     *
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws RerankException if an id or field name cannot be kept as it is
     */
    static List<List<List<Passage>>> slices(List<Passage> passages) {
        for (Passage passage : passages) {
            PostgresText.name("passage id", passage.id(), PostgresLayout.LONGEST_NAME);
            PostgresText.name("document id", passage.documentId(), PostgresLayout.LONGEST_NAME);
            for (String field : passage.metadata().keySet()) {
                PostgresText.name("metadata field", field, PostgresLayout.LONGEST_NAME);
            }
        }
        List<List<List<Passage>>> slices = new ArrayList<>();
        int size = MOST;
        long characters = 0;
        for (List<Passage> document : Documents.grouped(passages).values()) {
            if (size >= MOST || characters >= MOST_CHARACTERS) {
                slices.add(new ArrayList<>());
                size = 0;
                characters = 0;
            }
            slices.getLast().add(document);
            size += document.size();
            characters += document.stream().mapToLong(passage -> passage.text().length()).sum();
        }
        return slices;
    }

    /** Several documents, or a part of one, each. */
    static List<PostgresBatch> of(List<List<Passage>> documents, Optional<CheckedEncoder> encoder) {
        List<PostgresBatch> batches = new ArrayList<>();
        List<Passage> passages = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        long characters = 0;
        for (List<Passage> document : documents) {
            for (int place = 0; place < document.size(); place++) {
                if (passages.size() >= MOST || characters >= MOST_CHARACTERS) {
                    batches.add(of(passages, places, encoder));
                    passages.clear();
                    places.clear();
                    characters = 0;
                }
                passages.add(document.get(place));
                places.add(place);
                characters += document.get(place).text().length();
            }
        }
        batches.add(of(passages, places, encoder));
        return batches;
    }

    private static PostgresBatch of(List<Passage> passages, List<Integer> places, Optional<CheckedEncoder> encoder) {
        return new PostgresBatch(List.copyOf(passages), List.copyOf(places), encoder.map(known -> known
                .passages(passages.stream().map(passage -> WellFormed.of(passage.content())).toList()).stream()
                .map(PgVector::text).toList()).orElse(List.of()));
    }

    String[] ids() {
        return texts(passage -> PostgresText.stored(passage.id()));
    }

    /** Writes them; answers with how many they are, and how many words they have. */
    Sql insertion(PostgresLayout layout, String configuration, Optional<PgVector> type) {
        String vector = type.map(known -> ", CAST(vector AS " + known.type() + ")").orElse("");
        List<Object> values = new ArrayList<>(List.of(ids(),
                texts(passage -> PostgresText.stored(passage.documentId())),
                places.toArray(Integer[]::new),
                texts(passage -> PostgresText.stored(passage.title())),
                texts(passage -> PostgresText.stored(passage.text())),
                texts(passage -> PostgresJson.location(passage.location())),
                texts(passage -> PostgresJson.metadata(passage.metadata())),
                texts(passage -> PostgresWords.readable(passage.content())),
                type.isPresent() ? vectors.toArray(String[]::new) : new String[passages.size()], configuration));
        return new Sql("WITH new AS (INSERT INTO " + layout.passages + " SELECT id, document, place, title, text, "
                + "CAST(location AS jsonb), CAST(metadata AS jsonb), words, "
                + "(SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(words))" + vector
                + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) "
                + "AS n(id, document, place, title, text, location, metadata, content, vector), "
                // fenced, so that the words are made once
                + "LATERAL (SELECT to_tsvector(CAST(? AS regconfig), content) AS words OFFSET 0) AS w "
                + "RETURNING length) SELECT count(*), coalesce(sum(length), 0) FROM new", values);
    }

    private String[] texts(Function<Passage, String> part) {
        return passages.stream().map(part).toArray(String[]::new);
    }
}
