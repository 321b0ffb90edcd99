package dev.rerank4j.remote;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an existing table has where: how its rows are passages.
 *
 * @param schema the schema that the table is in
 * @param table the table, or a view
 * @param id the column that tells its rows apart; of any type that has a text
 * @param text the column of texts
 * @param configuration the text search configuration of its words, such as {@code english}
 * @param document the column of the ids of the documents that the passages belong to; where there is none each is a
 *        document of its own
 * @param title the column of titles; read in front of the text
 * @param words a column of type {@code tsvector}, with positions; without one, words are made of title and text at each
 *        search, for which the table should have an index over the very expression that {@code docs/postgresql.md}
 *        shows
 * @param vector a column of pgvector's type {@code vector}, made by the encoder that the table is opened with
 * @param distance what tells which of these are near
 * @param metadata a column of type {@code jsonb}, whose fields filters can compare
 * @param fields names of further metadata fields and, for each, the column that has it; at most 50
 */
public record PostgresColumns(String schema, String table, String id, String text, String configuration,
        Optional<String> document, Optional<String> title, Optional<String> words, Optional<String> vector,
        Distance distance, Optional<String> metadata, Map<String, String> fields) {

    /** What SQL takes as arguments of a function, in pairs. */
    private static final int MOST_FIELDS = 50;

    /** How near two vectors are. */
    public enum Distance {

        /** By the angle between them, whatever their length; scores are cosines, -1 to 1. */
        COSINE("<=>"),
        /** By the inner product, which is the score; for vectors of length 1 the same. */
        INNER_PRODUCT("<#>");

        private final String operator;

        Distance(String operator) {
            this.operator = operator;
        }

        String operator() {
            return operator;
        }

        /** What pgvector's distance is as a score. */
        double score(double distance) {
            return this == COSINE ? 1 - distance : -distance;
        }
    }

    /**
     * Checks the names, and copies the fields.
     *
     * @throws IllegalArgumentException if a name is blank, too long or has a NUL in it, or there are too many fields
     */
    public PostgresColumns {
        SqlName.check("schema", schema, SqlName.LONGEST);
        SqlName.check("table", table, SqlName.LONGEST);
        SqlName.check("text search configuration", configuration, 2 * SqlName.LONGEST + 1);
        Objects.requireNonNull(distance, "distance");
        fields = Map.copyOf(fields);
        Stream.of(List.of(id, text), document.stream().toList(), title.stream().toList(), words.stream().toList(),
                vector.stream().toList(), metadata.stream().toList(), fields.values())
                .flatMap(Collection::stream).forEach(name -> SqlName.check("column", name, SqlName.LONGEST));
        fields.keySet().forEach(name -> SqlName.check("metadata field", name, PostgresLayout.LONGEST_NAME));
        if (fields.size() > MOST_FIELDS) {
            throw new IllegalArgumentException(
                    "fields must be at most " + MOST_FIELDS + ", got " + fields.size());
        }
    }

    /**
     * {@return the columns of a table of the schema {@code public} that has ids and texts}
     *
     * @param table as the component
     * @param id as the component
     * @param text as the component
     * @param configuration as the component
     * @throws IllegalArgumentException if a name is blank, too long or has a NUL in it
     */
    public static PostgresColumns of(String table, String id, String text, String configuration) {
        return new PostgresColumns("public", table, id, text, configuration, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Distance.COSINE, Optional.empty(), Map.of());
    }

    /**
     * {@return the same in another schema}
     *
     * @param other the schema
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns inSchema(String other) {
        return new PostgresColumns(other, table, id, text, configuration, document, title, words, vector, distance,
                metadata, fields);
    }

    /**
     * {@return the same with a column of document ids}
     *
     * @param column its name
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns withDocument(String column) {
        return new PostgresColumns(schema, table, id, text, configuration, Optional.of(column), title, words, vector,
                distance, metadata, fields);
    }

    /**
     * {@return the same with a column of titles}
     *
     * @param column its name
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns withTitle(String column) {
        return new PostgresColumns(schema, table, id, text, configuration, document, Optional.of(column), words, vector,
                distance, metadata, fields);
    }

    /**
     * {@return the same with a column of words}
     *
     * @param column its name
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns withWords(String column) {
        return new PostgresColumns(schema, table, id, text, configuration, document, title, Optional.of(column), vector,
                distance, metadata, fields);
    }

    /**
     * {@return the same with a column of vectors}
     *
     * @param column its name
     * @param other what tells which are near
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns withVector(String column, Distance other) {
        return new PostgresColumns(schema, table, id, text, configuration, document, title, words, Optional.of(column),
                other, metadata, fields);
    }

    /**
     * {@return the same with a column of metadata}
     *
     * @param column its name
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresColumns withMetadata(String column) {
        return new PostgresColumns(schema, table, id, text, configuration, document, title, words, vector, distance,
                Optional.of(column), fields);
    }

    /**
     * {@return the same with columns that are metadata fields}
     *
     * @param columns by the name of the field
     * @throws IllegalArgumentException if a name is blank, too long or has a NUL in it, or there are too many
     */
    public PostgresColumns withFields(Map<String, String> columns) {
        return new PostgresColumns(schema, table, id, text, configuration, document, title, words, vector, distance,
                metadata, columns);
    }

    /** The name of the table in messages. */
    String name() {
        return schema + "." + table;
    }
}
