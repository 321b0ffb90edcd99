package dev.rerank4j.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The extension pgvector of a database.
 *
 * @param schema where its type and operators are; it need not be on the search path
 * @param iterative whether a graph is walked on until enough passages pass the filter: since 0.8
 */
record PgVector(String schema, boolean iterative) {

    /** The longest vectors that its type holds. */
    static final int MAX_DIMENSION = 16_000;
    /** The longest vectors that a graph takes. */
    static final int MAX_GRAPH_DIMENSION = 2_000;

    static PgVector of(String name, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT n.nspname, e.extversion "
                + "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'");
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw PostgresFailures.unavailable("the database of " + name + " lacks the extension pgvector: have an "
                        + "administrator CREATE EXTENSION vector, or do without vectors");
            }
            return new PgVector(row.getString(1), isAtLeast08(row.getString(2)));
        }
    }

    private static boolean isAtLeast08(String version) {
        String[] parts = version.split("\\.");
        return !parts[0].equals("0") || parts.length > 1 && Integer.parseInt(parts[1]) >= 8;
    }

    String type() {
        return SqlName.quoted(schema, "vector");
    }

    String type(int dimension) {
        return type() + "(" + dimension + ")";
    }

    String operators() {
        return SqlName.quoted(schema) + ".vector_cosine_ops";
    }

    String distance() {
        return "OPERATOR(" + SqlName.quoted(schema) + ".<=>)";
    }

    /** A vector as a text of the type. */
    static String text(float[] vector) {
        StringBuilder text = new StringBuilder(vector.length * 12).append('[');
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }
}
