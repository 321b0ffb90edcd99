package dev.rerank4j.remote;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * As many passages as are written by one statement.
 *
 * @param passages of one or more documents
 * @param first which passage of its document the first one is, from 0
 * @param vectors of each; empty if the index has none
 */
record PostgresBatch(List<Passage> passages, int first, List<String> vectors) {

    /** So many characters of a passage are made words of; what is beyond could be more than a tsvector holds. */
    static final int MOST_CHARACTERS = 250_000;

    /**
     * Passages by document.
     *
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws RerankException if an id or field name cannot be kept as it is
     */
    static List<List<Passage>> grouped(List<Passage> passages) {
        List<List<Passage>> documents = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String current = "";
        for (Passage passage : passages) {
            PostgresText.name("passage id", passage.id(), PostgresLayout.LONGEST_NAME);
            PostgresText.name("document id", passage.documentId(), PostgresLayout.LONGEST_NAME);
            for (String field : passage.metadata().keySet()) {
                PostgresText.name("metadata field", field, PostgresLayout.LONGEST_NAME);
            }
            if (documents.isEmpty() || !passage.documentId().equals(current)) {
                current = passage.documentId();
                if (!seen.add(current)) {
                    throw new IllegalArgumentException("passages of document " + current
                            + " must stand next to each other, got others between them");
                }
                documents.add(new ArrayList<>());
            }
            documents.getLast().add(passage);
        }
        return documents;
    }

    /** What is indexed of a passage, which is what will be read back: without lone surrogates. */
    static String content(Passage passage) {
        return PostgresText.wellFormed(passage.content());
    }

    String[] ids() {
        return texts(passage -> PostgresText.stored(passage.id()));
    }

    /** Writes them; answers with how many they are, and how many words they have. */
    Sql insertion(PostgresLayout layout, String configuration, Optional<PgVector> type) {
        int[] places = places();
        String vector = type.map(known -> ", CAST(vector AS " + known.type() + ")").orElse("");
        List<Object> values = new ArrayList<>(List.of(ids(),
                texts(passage -> PostgresText.stored(passage.documentId())),
                IntStream.of(places).boxed().toArray(Integer[]::new),
                texts(passage -> PostgresText.stored(passage.title())),
                texts(passage -> PostgresText.stored(passage.text())),
                texts(passage -> PostgresJson.location(passage.location())),
                texts(passage -> PostgresJson.metadata(passage.metadata())), texts(PostgresBatch::words),
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

    private static String words(Passage passage) {
        String content = passage.content();
        return PostgresText.words(content.length() > MOST_CHARACTERS ? content.substring(0, MOST_CHARACTERS) : content);
    }

    /** Which passage of its document each is. */
    private int[] places() {
        int[] places = new int[passages.size()];
        for (int i = 0; i < places.length; i++) {
            boolean same = i > 0 && passages.get(i).documentId().equals(passages.get(i - 1).documentId());
            places[i] = i == 0 ? first : same ? places[i - 1] + 1 : 0;
        }
        return places;
    }

    private String[] texts(Function<Passage, String> part) {
        return passages.stream().map(part).toArray(String[]::new);
    }
}
