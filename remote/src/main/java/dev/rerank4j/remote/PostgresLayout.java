package dev.rerank4j.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** The tables of an index: of passages, of marks, and one of a single row about all. */
final class PostgresLayout {

    static final int FORMAT = 1;

    /** In bytes: what a key of a B-tree takes is less than 2,704. */
    static final int LONGEST_NAME = 2_000;

    private final PostgresOptions options;
    final String passages;
    final String marks;
    final String about;
    final String wordsIndex;

    PostgresLayout(PostgresOptions options) {
        this.options = options;
        passages = SqlName.quoted(options.schema(), options.table());
        marks = SqlName.quoted(options.schema(), options.table() + "_marks");
        about = SqlName.quoted(options.schema(), options.table() + "_about");
        wordsIndex = SqlName.quoted(options.schema(), options.table() + "_words");
    }

    /** Whether there are any. */
    boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?)")) {
            statement.setString(1, about);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getString(1) != null;
            }
        }
    }

    void create(Connection connection, Optional<PgVector> type, PostgresIdentity identity) throws SQLException {
        String vector = type.map(known -> ", vector " + known.type(identity.dimension()) + " NOT NULL").orElse("");
        try (Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "CREATE TABLE " + passages + " (id text COLLATE \"C\" PRIMARY KEY, document text COLLATE \"C\" "
                            + "NOT NULL, place integer NOT NULL, title text NOT NULL, text text NOT NULL, "
                            + "location jsonb NOT NULL, metadata jsonb NOT NULL, words tsvector NOT NULL, "
                            + "length integer NOT NULL" + vector + ")",
                    "CREATE TABLE " + marks + " (key text COLLATE \"C\" PRIMARY KEY, mark text NOT NULL)",
                    "CREATE TABLE " + about + " (format integer NOT NULL, configuration text NOT NULL, "
                            + "encoder text NOT NULL, dimension integer NOT NULL, passages bigint NOT NULL, "
                            + "words bigint NOT NULL)",
                    index("words", "gin (words)"),
                    index("metadata", "gin (metadata jsonb_path_ops)"),
                    index("document", "btree (document)"),
                    // of names of any length
                    index("file", "hash ((location ->> 'file'))"))) {
                statement.execute(sql);
            }
            if (options.graph() && type.isPresent()) {
                statement.execute(index("vector", "hnsw (vector " + type.get().operators() + ")"));
            }
        }
        Sql.of("INSERT INTO " + about + " VALUES (?, ?, ?, ?, 0, 0)", FORMAT, identity.configuration(),
                identity.encoder(), identity.dimension()).run(connection);
    }

    private String index(String column, String how) {
        return "CREATE INDEX " + SqlName.quoted(options.table() + "_" + column) + " ON " + passages + " USING " + how;
    }

    /** What the row about all says. */
    WordStatistics statistics(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT passages, words FROM " + about);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw PostgresFailures.unavailable("index " + options.name() + " lacks its row in " + about
                        + ": index again into another table");
            }
            double passages = row.getDouble(1);
            return new WordStatistics(passages, row.getDouble(2) / Math.max(1, passages));
        }
    }
}
