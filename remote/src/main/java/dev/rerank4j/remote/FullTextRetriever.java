package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Finds passages by their words. */
final class FullTextRetriever implements Retriever {

    static final String NAME = "full-text";

    private final PostgresReader reader;
    private final PassageColumns columns;
    private final String configuration;

    FullTextRetriever(PostgresReader reader, PassageColumns columns, String configuration) {
        this.reader = reader;
        this.columns = columns;
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        return reader.read(NAME, deadline, connection -> {
            PostgresWords words = PostgresWords.of(query.text(), configuration, connection);
            return words.isEmpty()
                    ? Ranking.builder(NAME).build()
                    : ranking(words, columns.condition(query.filter()), limit, connection);
        });
    }

    private Ranking ranking(PostgresWords words, Sql condition, int limit, Connection connection)
            throws SQLException {
        Sql best = Sql.of("SELECT " + columns.selected() + ", ts_rank_cd(words, CAST(? AS tsquery)) AS score FROM "
                + columns.table() + " WHERE words @@ CAST(? AS tsquery) AND ", words.any(), words.any())
                .and(condition).and(" ORDER BY score DESC, " + columns.id() + " LIMIT ?", limit);
        Ranking.Builder ranking = Ranking.builder(NAME);
        try (PreparedStatement statement = best.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ranking.add(columns.read(rows), rows.getDouble(7));
            }
        }
        return ranking.build();
    }
}
