package dev.rerank4j.remote;

import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A table that others keep, or a view, searched as it is: each row is a passage. Nothing is written. Safe for use by
 * several threads.
 *
 * <p>Metadata come from a column of JSON, from columns of their own, or from both. Texts, numbers, flags and lists of
 * them are what they are; a {@code timestamp}, {@code timestamptz} or {@code date} that is a metadata field is a moment,
 * to the millisecond, in UTC if it names no zone; columns of other types are their texts. What is null, or nested deeper
 * than a list in a JSON object, is left out.
 */
public final class PostgresTable implements AutoCloseable {

    /** How long what is known of the texts on the whole is taken for good. */
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** So many passages say how long passages are. */
    private static final int SAMPLE = 1_000;

    /** From so many passages on, how many there are is taken from the statistics of the server. */
    private static final double COUNTED = 20_000;

    private record Aged(WordStatistics statistics, long born) {
    }

    private final PostgresColumns options;
    private final PassageColumns columns;
    private final PostgresReader reader;
    private final Optional<CheckedEncoder> vectors;
    private volatile @Nullable Aged known;

    private PostgresTable(PostgresColumns options, PassageColumns columns, PostgresReader reader,
            Optional<CheckedEncoder> vectors) {
        this.options = options;
        this.columns = columns;
        this.reader = reader;
        this.vectors = vectors;
    }

    /**
     * Opens a table.
     *
     * @param database gives connections to PostgreSQL, 12 or newer; a pool is best. It is not closed
     * @param options what the table has where
     * @param encoder made the vectors, and makes those of queries; it is not closed. Empty to search by words alone
     * @return what searches it; to be closed by the caller
     * @throws IllegalArgumentException if there is an encoder and no column of vectors
     * @throws RerankException of kind {@code UNAVAILABLE} if the database cannot be reached or used, the table or a
     *         column is missing or of another type, or its vectors have another dimension than the encoder's
     */
    public static PostgresTable open(DataSource database, PostgresColumns options, Optional<Encoder> encoder) {
        Objects.requireNonNull(database, "database");
        if (encoder.isPresent() && options.vector().isEmpty()) {
            throw new IllegalArgumentException("a table with an encoder must have a column of vectors");
        }
        PostgresReader reader = new PostgresReader(database, options.name());
        PassageColumns columns = reader.read(connection -> {
            TableLayout layout = new TableLayout(options, connection);
            layout.dimension().ifPresent(dimension -> encoder.ifPresent(known -> {
                if (known.dimension() != dimension) {
                    throw PostgresFailures.unavailable("table " + options.name() + " has vectors of " + dimension
                            + " numbers, those of encoder " + known.name() + " have " + known.dimension()
                            + ": choose the encoder that they were made with");
                }
            }));
            PassageColumns found = layout.columns();
            try (PreparedStatement statement = Sql.of("SELECT " + found.selected() + ", " + found.words() + " FROM "
                    + found.table() + " LIMIT 0").prepare(connection)) {
                statement.executeQuery().close(); // that the user may, and that it can be done
            }
            return found;
        });
        return new PostgresTable(options, columns, reader, encoder.map(CheckedEncoder::new));
    }

    /**
     * {@return the retriever named {@code full-text}: as {@link PostgresIndex#fullText}, but how many words a passage
     * has is how many different ones, and how many they have on the mean is estimated from some of them}
     */
    public Retriever fullText() {
        return new FullTextRetriever(reader, columns, options.configuration(), this::statistics);
    }

    /**
     * {@return the retriever named {@code vector}: as {@link PostgresIndex#vector}, scored as the table's distance says}
     *
     * @throws IllegalStateException if the table was opened without an encoder
     */
    public Retriever vector() {
        return new NearestRetriever(reader, columns, vectors.orElseThrow(
                () -> new IllegalStateException("table " + options.name() + " was opened without an encoder")),
                options.distance(), options.name());
    }

    /**
     * {@return number of rows that pass a filter}
     *
     * @param filter {@link Filter#NONE} for all rows
     * @throws RerankException if the database cannot be read
     */
    public int count(Filter filter) {
        return reader.read(connection -> (int) Math.min(Integer.MAX_VALUE, number(Sql
                .of("SELECT count(*) FROM " + columns.table() + " WHERE ").and(columns.condition(filter)),
                connection)));
    }

    private WordStatistics statistics(Connection connection) throws SQLException {
        Aged last = known;
        if (last == null || System.nanoTime() - last.born() > FRESH_NANOS) {
            double passages = number(Sql.of("SELECT reltuples FROM pg_class WHERE oid = CAST(? AS regclass)",
                    columns.table()), connection);
            if (passages < COUNTED) {
                passages = number(Sql.of("SELECT count(*) FROM " + columns.table()), connection);
            }
            double length = number(Sql.of("SELECT coalesce(avg(n), 1) FROM (SELECT " + columns.length() + " AS n FROM "
                    + columns.table() + " LIMIT " + SAMPLE + ") AS sample"), connection);
            last = new Aged(new WordStatistics(passages, length), System.nanoTime());
            known = last;
        }
        return last.statistics();
    }

    private static double number(Sql query, Connection connection) throws SQLException {
        try (PreparedStatement statement = query.prepare(connection); ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getDouble(1);
        }
    }

    /** Ends the use of its retrievers; a second call does nothing. */
    @Override
    public void close() {
        reader.close();
    }
}
