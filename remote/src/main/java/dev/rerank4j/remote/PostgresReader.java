package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Reads from a database, each time in a transaction of its own that ends when the deadline does. A connection that
 * turns out to be dead is replaced once: pools keep some over a restart of the server. Safe for use by several threads.
 */
final class PostgresReader {

    /** Reads of one moment of the database. */
    interface Reading<T> {
        T of(Connection connection) throws SQLException;
    }

    /** How much longer than the server the network may take to say that the time is up. */
    private static final int GRACE_MILLIS = 1_000;

    private final DataSource database;
    private final String name;
    private volatile boolean closed;

    PostgresReader(DataSource database, String name) {
        this.database = database;
        this.name = name;
    }

    <T> T read(Reading<T> reading) {
        return read(name, Deadline.none(), reading);
    }

    /**
     * @param stage in the message when the time is up
     * @throws RerankException as {@link PostgresFailures} says
     */
    <T> T read(String stage, Deadline deadline, Reading<T> reading) {
        try {
            try {
                return once(stage, deadline, reading);
            } catch (SQLException e) {
                if (!PostgresFailures.isBroken(e)) {
                    throw e;
                }
                return once(stage, deadline, reading);
            }
        } catch (SQLException e) {
            if (deadline.expired()) {
                throw new RerankException(Kind.TIMEOUT, stage + " did not finish before the deadline", e);
            }
            throw PostgresFailures.reading(name, e);
        }
    }

    private <T> T once(String stage, Deadline deadline, Reading<T> reading) throws SQLException {
        requireOpen();
        deadline.check(stage);
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            int patience = connection.getNetworkTimeout();
            try {
                connection.setAutoCommit(false);
                limit(connection, stage, deadline);
                return reading.of(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setNetworkTimeout(Runnable::run, patience);
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    /** The server ends what is late; should it be beyond answering, the connection does. */
    private static void limit(Connection connection, String stage, Deadline deadline) throws SQLException {
        String settings = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off";
        if (deadline.isFinite()) {
            deadline.check(stage);
            long millis = Math.min(deadline.remaining().toMillis() + 1, Integer.MAX_VALUE - GRACE_MILLIS);
            connection.setNetworkTimeout(Runnable::run, (int) millis + GRACE_MILLIS);
            settings += "; SET LOCAL statement_timeout = " + millis;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("index " + name + " is closed");
        }
    }

    void close() {
        closed = true;
    }
}
