package dev.rerank4j.remote;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of a test's own on the server that conformance/run-postgres has started. */
final class TestDatabase implements AutoCloseable {

    /** Where the server is, as an address of the driver. */
    static final String ADDRESS = System.getProperty("rerank4j.postgres", "");

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String schema = "test \"" + ProcessHandle.current().pid() + "\" " + COUNT.incrementAndGet();
    private final PGSimpleDataSource source = new PGSimpleDataSource();

    TestDatabase() {
        source.setUrl(ADDRESS);
        execute("CREATE SCHEMA " + SqlName.quoted(schema));
    }

    DataSource source() {
        return source;
    }

    /** Another way to the same server. */
    PGSimpleDataSource another() {
        PGSimpleDataSource another = new PGSimpleDataSource();
        another.setUrl(ADDRESS);
        return another;
    }

    PostgresOptions options() {
        return PostgresOptions.of("passages", "english").inSchema(schema);
    }

    String schema() {
        return schema;
    }

    /** The name of a table of this schema, quoted. */
    String table(String name) {
        return SqlName.quoted(schema, name);
    }

    void execute(String sql) {
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row. */
    String ask(String sql) {
        return ask(source, sql);
    }

    /** The same by a way of its own. */
    static String ask(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        execute("DROP SCHEMA " + SqlName.quoted(schema) + " CASCADE");
    }
}
