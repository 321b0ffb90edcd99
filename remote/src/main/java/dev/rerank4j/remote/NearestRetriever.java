package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Finds passages whose vectors are near that of the query, by pgvector. Where there is a graph it is walked; where it
 * may end before there are as many as are wanted, because of a filter or of its limits, all are compared instead.
 */
final class NearestRetriever implements Retriever {

    static final String NAME = "vector";

    /** How many candidates a walk keeps in view: at least, beside twice what is wanted, and as many as it can. */
    private static final int LEAST_IN_VIEW = 100;
    private static final int MOST_IN_VIEW = 1_000;

    private final PostgresReader reader;
    private final PassageColumns columns;
    private final CheckedEncoder vectors;
    private final PostgresColumns.Distance distance;
    private final String name;

    NearestRetriever(PostgresReader reader, PassageColumns columns, CheckedEncoder vectors,
            PostgresColumns.Distance distance, String name) {
        this.reader = reader;
        this.columns = columns;
        this.vectors = vectors;
        this.distance = distance;
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
        String vector = PgVector.text(vectors.query(query.text()));
        return reader.read(NAME, deadline, connection -> {
            PgVector type = PgVector.of(name, connection);
            if (PgVector.hasGraph(columns.table(), connection)) {
                boolean all = query.filter().equals(Filter.NONE);
                if (limit <= MOST_IN_VIEW && (all || type.iterative())) {
                    set("hnsw.ef_search = " + Math.clamp(2L * limit, LEAST_IN_VIEW, MOST_IN_VIEW), connection);
                    if (type.iterative()) {
                        set("hnsw.iterative_scan = strict_order", connection);
                    }
                    Ranking ranking = ranking(type, vector, query.filter(), limit, "", connection);
                    if (ranking.size() == limit) {
                        return ranking;
                    }
                }
                set("enable_indexscan = off", connection);
            }
            return ranking(type, vector, query.filter(), limit, ", " + columns.id(), connection);
        });
    }

    private static void set(String setting, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL " + setting);
        }
    }

    /** @param ties what else orders; anything at all keeps a graph from being walked */
    private Ranking ranking(PgVector type, String vector, Filter filter, int limit, String ties,
            Connection connection) throws SQLException {
        String far = columns.vector() + " " + type.operator(distance.operator()) + " CAST(? AS " + type.type() + ")";
        Sql best = Sql.of("SELECT " + columns.selected() + ", r4j_distance FROM (SELECT t.*, " + far
                + " AS r4j_distance FROM " + columns.table() + " AS t WHERE " + columns.vector() + " IS NOT NULL AND ",
                vector)
                .and(columns.condition(filter))
                .and(" ORDER BY " + far + ties + " LIMIT ?) AS best", vector, limit);
        Ranking.Builder ranking = Ranking.builder(NAME);
        try (PreparedStatement statement = best.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                double score = distance.score(rows.getDouble(7));
                if (Double.isFinite(score)) { // a vector of zeros has no direction
                    ranking.add(columns.read(rows), score);
                }
            }
        }
        return ranking.build();
    }
}
