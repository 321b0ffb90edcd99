package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is late, or goes away and comes back. */
@Tag("postgres")
class PostgresFailureTest {

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            + "AND pid <> pg_backend_pid()";

    private final TestDatabase database = new TestDatabase();
    private final PostgresIndex index = PostgresIndex.open(database.source(), database.options(), Optional.empty());

    @BeforeEach
    void fill() {
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
    }

    @AfterEach
    void drop() {
        index.close();
        database.close();
    }

    private Ranking search(Deadline deadline) {
        return index.fullText().retrieve(Query.of("apple"), 10, deadline);
    }

    private void lock(Statement statement) throws SQLException {
        statement.execute("LOCK TABLE " + database.table("passages") + " IN ACCESS EXCLUSIVE MODE");
    }

    @Test
    void aLateQueryIsCancelledAtTheServer() throws SQLException {
        try (Connection other = database.another().getConnection(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            lock(statement);
            RerankException e = assertThrows(RerankException.class,
                    () -> search(Deadline.in(Duration.ofMillis(300))));
            assertEquals(Kind.TIMEOUT, e.kind(), e.getMessage());
            assertEquals("0", database.ask(WAITING));
            other.rollback();
        }
        assertEquals(1, search(Deadline.none()).size());
    }

    @Test
    void aServerThatRestartsInTheMiddleOfAQueryIsUsedAgain() throws Exception {
        CompletableFuture<Ranking> running = new CompletableFuture<>();
        try (Connection other = database.another().getConnection(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            lock(statement);
            running.completeAsync(() -> search(Deadline.in(Duration.ofSeconds(60))));
            while (database.ask(WAITING).equals("0") && !running.isDone()) {
                Thread.onSpinWait();
            }
            control("restart", "-m", "fast");
        } catch (SQLException e) {
            assertTrue(e.getSQLState().startsWith("57P") || e.getSQLState().startsWith("08"), e.getSQLState());
        }
        try {
            assertEquals(1, running.get(90, TimeUnit.SECONDS).size()); // by another connection, if it was quick
        } catch (ExecutionException e) {
            RerankException failure = (RerankException) e.getCause();
            assertEquals(Kind.UNAVAILABLE, failure.kind(), failure.getMessage());
        }
        assertEquals(1, search(Deadline.none()).size());
        index.add(List.of(Passage.of("b", "apple")));
        index.commit();
        assertEquals(2, search(Deadline.none()).size());
    }

    @Test
    void aConnectionThatAPoolHasKeptOverARestartIsReplaced() throws Exception {
        try (KeptConnection pool = new KeptConnection(database.another());
                PostgresIndex pooled = PostgresIndex.open(pool.source(), database.options(), Optional.empty())) {
            assertEquals(1, pooled.fullText().retrieve(Query.of("apple"), 10, Deadline.none()).size());
            control("restart", "-m", "immediate");
            assertEquals(1, pooled.fullText().retrieve(Query.of("apple"), 10, Deadline.none()).size());
        }
    }

    @Test
    void whatWasNotCommittedWhenTheServerWentIsLostAndSaid() throws Exception {
        index.add(List.of(Passage.of("b", "apple")));
        control("restart", "-m", "immediate");
        RerankException e = assertThrows(RerankException.class, index::commit);
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains("stands as last committed"), e.getMessage());
        assertEquals(1, search(Deadline.none()).size());
        try (PostgresIndex again = PostgresIndex.open(database.source(), database.options(), Optional.empty())) {
            again.add(List.of(Passage.of("b", "apple")));
            again.commit();
        }
        assertEquals(2, search(Deadline.none()).size());
    }

    private static void control(String... what) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("rerank4j.postgres.control", ""),
                System.getProperty("rerank4j.postgres.data", "")));
        command.addAll(List.of(what));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** A pool of one connection, which does not ask whether it is alive before it gives it. */
    private static final class KeptConnection implements AutoCloseable {

        private final DataSource source;
        private Connection kept;

        KeptConnection(DataSource origin) throws SQLException {
            kept = origin.getConnection();
            source = (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(),
                    new Class<?>[]{DataSource.class}, (proxy, method, arguments) -> {
                        if (kept.isClosed()) {
                            kept = origin.getConnection();
                        }
                        return lent(kept);
                    });
        }

        private static Connection lent(Connection connection) {
            return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
                    new Class<?>[]{Connection.class}, (proxy, method, arguments) -> {
                        try {
                            return method.getName().equals("close") ? null : method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        DataSource source() {
            return source;
        }

        @Override
        public void close() throws SQLException {
            kept.close();
        }
    }
}
