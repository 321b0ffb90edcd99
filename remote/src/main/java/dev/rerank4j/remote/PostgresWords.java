package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The words of texts, by a text search configuration. */
final class PostgresWords {

    /** So many characters of a text are made words of; what is beyond could be more than a tsvector holds. */
    static final int MOST_CHARACTERS = 250_000;

    private static final int MOST = 1_024;

    private PostgresWords() {
    }

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

    /** What words are made of: a NUL separates them, and there is an end to it. */
    static String readable(String text) {
        String start = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
        return WellFormed.of(start).replace('\0', ' ');
    }

    /**
     * The words of a query, without stop words.
     *
     * @throws RerankException if there are too many
     */
    static List<Word> of(String query, String configuration, Connection connection) throws SQLException {
        Sql parsed = Sql.of("SELECT lexeme, cardinality(positions) FROM unnest(to_tsvector(CAST(? AS regconfig), ?))",
                configuration, readable(query));
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
        return words;
    }
}
