package dev.rerank4j.remote;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The next commit of an index: one transaction, on a connection of its own, from the first change on. Others wait with
 * theirs. A failed write ends it: what was added since the last commit is lost, and to go on as if it were not would
 * make a commit with holes. Safe for use by several threads, one at a time.
 */
final class PostgresWriter implements AutoCloseable {

    private interface Change {
        void to(Connection connection) throws SQLException;
    }

    /** How long another one's transaction is waited for. */
    private static final String PATIENCE = "10s";

    /** After so many passages the server counts words again: sooner than it would by itself, or where it never does. */
    private static final int MANY = 10_000;

    private final DataSource database;
    private final PostgresLayout layout;
    private final PostgresIdentity identity;
    private final PostgresOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection transaction;
    private @Nullable RerankException failure;
    private Optional<PgVector> type = Optional.empty();
    private long passages;
    private long words;
    private long added;
    private boolean closed;

    PostgresWriter(DataSource database, PostgresLayout layout, PostgresIdentity identity, PostgresOptions options) {
        this.database = database;
        this.layout = layout;
        this.identity = identity;
        this.options = options;
    }

    /** Replaces documents, each at once. If a passage id is taken, none of them. */
    void add(List<PostgresBatch> batches) {
        change(connection -> {
            Set<String> documents = new HashSet<>();
            Map<String, String> owners = new HashMap<>();
            for (PostgresBatch batch : batches) {
                for (Passage passage : batch.passages()) {
                    documents.add(passage.documentId());
                    String before = owners.put(passage.id(), passage.documentId());
                    if (before != null) {
                        throw twice(passage.id(), before, passage.documentId());
                    }
                }
            }
            String[] replaced = documents.stream().map(PostgresText::stored).toArray(String[]::new);
            for (PostgresBatch batch : batches) {
                requireFree(batch, replaced, connection);
            }
            delete(replaced, connection);
            for (PostgresBatch batch : batches) {
                insert(batch, connection);
            }
        });
    }

    private void requireFree(PostgresBatch batch, String[] replaced, Connection connection) throws SQLException {
        Sql taken = Sql.of("SELECT id, document FROM " + layout.passages
                + " WHERE id = ANY (?) AND document <> ALL (?) ORDER BY id LIMIT 1", batch.ids(), replaced);
        try (PreparedStatement statement = taken.prepare(connection); ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                String id = PostgresText.read(row.getString(1));
                String document = batch.passages().stream().filter(passage -> passage.id().equals(id))
                        .map(Passage::documentId).findFirst().orElseThrow();
                throw twice(id, PostgresText.read(row.getString(2)), document);
            }
        }
    }

    private void delete(String[] documents, Connection connection) throws SQLException {
        count(Sql.of("WITH gone AS (DELETE FROM " + layout.passages + " WHERE document = ANY (?) RETURNING length) "
                + "SELECT -count(*), -coalesce(sum(length), 0) FROM gone", (Object) documents), connection);
    }

    private void insert(PostgresBatch batch, Connection connection) throws SQLException {
        count(batch.insertion(layout, options.configuration(), type), connection);
        added += batch.passages().size();
    }

    private void count(Sql change, Connection connection) throws SQLException {
        try (PreparedStatement statement = change.prepare(connection); ResultSet row = statement.executeQuery()) {
            row.next();
            passages += row.getLong(1);
            words += row.getLong(2);
        }
    }

    /** Removes a document. */
    void delete(String documentId) {
        change(connection -> delete(new String[]{PostgresText.stored(documentId)}, connection));
    }

    /** Sets a mark, or removes it if empty. */
    void mark(String key, String mark) {
        change(connection -> {
            if (mark.isEmpty()) {
                Sql.of("DELETE FROM " + layout.marks + " WHERE key = ?", key).run(connection);
            } else {
                Sql.of("INSERT INTO " + layout.marks + " VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET mark = "
                        + "excluded.mark", key, PostgresText.stored(mark)).run(connection);
            }
        });
    }

    /** Commits. Where there is no index it makes an empty one. */
    void commit() {
        change(connection -> {
            Sql.of("UPDATE " + layout.about + " SET passages = passages + ?, words = words + ?", passages, words)
                    .run(connection);
            connection.commit();
            if (added >= MANY) {
                added = 0;
                countWords(connection);
            }
            end();
        });
    }

    /** Has the server see which words are common, and put the words of new passages in their place. */
    private void countWords(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE " + layout.passages + " (words)");
            connection.commit();
            try (PreparedStatement pending = Sql.of("SELECT gin_clean_pending_list(CAST(? AS regclass))",
                    layout.wordsIndex).prepare(connection)) {
                pending.execute();
            }
            connection.commit();
        } catch (SQLException e) {
            // All is committed; a user who does not own the tables may not, and the server does it some day.
            System.getLogger(PostgresWriter.class.getName())
                    .log(System.Logger.Level.DEBUG, "words were not counted", e);
        }
    }

    private void change(Change change) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("index " + options.name() + " is closed");
            }
            if (failure != null) {
                throw new RerankException(failure.kind(), String.valueOf(failure.getMessage()), failure);
            }
            change.to(begun());
        } catch (SQLException e) {
            failure = PostgresFailures.writing(options.name(), e);
            end();
            throw failure;
        } finally {
            lock.unlock();
        }
    }

    private Connection begun() throws SQLException {
        if (transaction != null) {
            return transaction;
        }
        Connection connection = database.getConnection();
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = '" + PATIENCE
                        + "'; SET LOCAL idle_in_transaction_session_timeout = 0");
            }
            try (PreparedStatement statement = connection
                    .prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
                statement.setString(1, "rerank4j " + options.name());
                statement.execute();
            }
            type = identity.dimension() > 0 ? Optional.of(PgVector.of(options.name(), connection)) : Optional.empty();
            Optional<PostgresIdentity> written = PostgresIdentity.read(layout, options.name(), connection);
            if (written.isPresent()) {
                identity.verify(options.name(), written.get());
            } else {
                layout.create(connection, type, identity);
            }
        } catch (SQLException | RuntimeException e) {
            release(connection);
            throw e;
        }
        transaction = connection;
        return connection;
    }

    private void end() {
        Connection ended = transaction;
        transaction = null;
        passages = 0;
        words = 0;
        if (ended != null) {
            release(ended);
        }
    }

    /** Drops what is not committed. */
    private static void release(Connection connection) {
        try (connection) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // It is gone already, and with it what was not committed.
            System.getLogger(PostgresWriter.class.getName())
                    .log(System.Logger.Level.DEBUG, "a connection was not closed cleanly", e);
        }
    }

    private static RerankException twice(String id, String first, String second) {
        return new RerankException(Kind.INVALID_REQUEST, "passage ids must be unique, got " + id
                + (first.equals(second) ? " twice in document " + first : " in documents " + first + " and " + second)
                + ": give each passage an id of its own");
    }

    /** Waits for a running change; a second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            end();
        } finally {
            lock.unlock();
        }
    }
}
