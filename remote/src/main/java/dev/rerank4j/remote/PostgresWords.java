package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a query, by a text search configuration.
 *
 * @param words each with how often it occurs; without stop words
 */
record PostgresWords(List<Word> words) {

    private static final int MOST = 1_024;

    /**
     * A word of a query.
     *
     * @param text its stem
     * @param count how often it occurs in the query
     */
    record Word(String text, int count) {

        /** The word as a query of its own: quoted, whatever it is made of. */
        String query() {
            return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
        }
    }

    static PostgresWords of(String query, String configuration, Connection connection) throws SQLException {
        String text = query.length() > PostgresBatch.MOST_CHARACTERS
                ? query.substring(0, PostgresBatch.MOST_CHARACTERS)
                : query;
        Sql parsed = Sql.of("SELECT lexeme, cardinality(positions) FROM unnest(to_tsvector(CAST(? AS regconfig), ?))",
                configuration, PostgresText.words(text));
        List<Word> words = new ArrayList<>();
        try (PreparedStatement statement = parsed.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                words.add(new Word(rows.getString(1), rows.getInt(2)));
            }
        }
        if (words.size() > MOST) {
            throw new RerankException(Kind.INVALID_REQUEST, "the query has " + words.size()
                    + " distinct words, full text reads at most " + MOST + ": shorten it");
        }
        return new PostgresWords(words);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Finds what has one of the words. */
    String any() {
        return String.join(" | ", words.stream().map(Word::query).toList());
    }
}
