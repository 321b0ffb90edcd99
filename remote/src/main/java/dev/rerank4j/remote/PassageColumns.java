package dev.rerank4j.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where a table has what passages are made of, as SQL.
 *
 * @param table its quoted name
 * @param id of the passage, a text; the column itself where there is an index over it
 * @param document of its document, a text
 * @param title a text
 * @param text a text
 * @param location as {@link PostgresJson}
 * @param metadata as {@link PostgresJson}
 * @param words a tsvector
 * @param length how many words there are
 * @param names of the table and the column of words, as the server's statistics know them
 * @param vector of pgvector's type
 * @param holder for a metadata field, the JSON object that has it; for conditions
 */
record PassageColumns(String table, String id, String document, String title, String text, String location,
        String metadata, String words, String length, Names names, String vector, UnaryOperator<String> holder) {

    /**
     * Names as they are, not quoted.
     *
     * @param schema of the table
     * @param table itself
     * @param words its column of words
     */
    record Names(String schema, String table, String words) {
    }

    /** The columns of an index of ours. */
    static PassageColumns of(PostgresLayout layout, PostgresOptions options) {
        return new PassageColumns(layout.passages, "id", "document", "title", "text", "location", "metadata", "words",
                "length", new Names(options.schema(), options.table(), "words"), "vector", field -> "metadata");
    }

    Sql condition(Filter filter) {
        return new PostgresFilter(holder).of(filter);
    }

    /** What {@link #read} reads, as a list of columns to select. */
    String selected() {
        return String.join(", ", id, document, title, text, "CAST(" + location + " AS text)",
                "CAST(" + metadata + " AS text)");
    }

    /** The passage in the row that a result stands at, whose first columns are {@link #selected}. */
    Passage read(ResultSet row) throws SQLException {
        try {
            return new Passage(PostgresText.read(row.getString(1)), PostgresText.read(row.getString(2)),
                    PostgresText.read(row.getString(3)),
                    PostgresText.read(row.getString(4)), PostgresJson.location(row.getString(5)),
                    PostgresJson.metadata(row.getString(6)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "a passage of " + table + " has no id, or cannot be read: index it again", e);
        }
    }

    List<Passage> read(Sql query, Connection connection) throws SQLException {
        List<Passage> passages = new ArrayList<>();
        try (PreparedStatement statement = query.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                passages.add(read(rows));
            }
        }
        return passages;
    }
}
