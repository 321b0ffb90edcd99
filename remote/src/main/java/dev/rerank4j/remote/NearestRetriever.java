package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/** Finds passages whose vectors are near that of the query, by pgvector. */
final class NearestRetriever implements Retriever {

    static final String NAME = "vector";

    private final PostgresReader reader;
    private final PassageColumns columns;
    private final PostgresVectors vectors;
    private final String name;

    NearestRetriever(PostgresReader reader, PassageColumns columns, PostgresVectors vectors, String name) {
        this.reader = reader;
        this.columns = columns;
        this.vectors = vectors;
        this.name = name;
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
        reader.requireOpen();
        deadline.check(NAME);
        String vector = vectors.query(query.text());
        Sql condition = columns.condition(query.filter());
        return reader.read(NAME, deadline, connection -> {
            PgVector type = PgVector.of(name, connection);
            Sql best = Sql.of("SELECT " + columns.selected() + ", 1 - (vector " + type.distance() + " CAST(? AS "
                    + type.type() + ")) AS score FROM " + columns.table() + " WHERE ", vector)
                    .and(condition).and(" ORDER BY vector " + type.distance() + " CAST(? AS " + type.type()
                            + ") LIMIT ?", vector, limit);
            Ranking.Builder ranking = Ranking.builder(NAME);
            try (PreparedStatement statement = best.prepare(connection); ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ranking.add(columns.read(rows), rows.getDouble(7));
                }
            }
            return ranking.build();
        });
    }
}
