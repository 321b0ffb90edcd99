package dev.rerank4j.remote;

import dev.rerank4j.Encoder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What an index was made with, and so has to be read with.
 *
 * @param configuration whose words it has
 * @param encoder name of the model whose vectors it holds; empty if it has none
 * @param dimension how many numbers they have; 0 if it has none
 */
record PostgresIdentity(String configuration, String encoder, int dimension) {

    static PostgresIdentity of(PostgresOptions options, Optional<Encoder> encoder) {
        return new PostgresIdentity(options.configuration(), encoder.map(Encoder::name).orElse(""),
                encoder.map(Encoder::dimension).orElse(0));
    }

    /** What the index on the server was made with; nothing if there is none. */
    static Optional<PostgresIdentity> read(PostgresLayout layout, String name, Connection connection)
            throws SQLException {
        if (!layout.exists(connection)) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT format, configuration, encoder, dimension FROM " + layout.about);
                ResultSet row = statement.executeQuery()) {
            if (!row.next() || row.getInt(1) != PostgresLayout.FORMAT) {
                throw PostgresFailures.unavailable("index " + name + " is of a format that this version cannot read: "
                        + "index again into another table");
            }
            return Optional.of(new PostgresIdentity(row.getString(2), row.getString(3), row.getInt(4)));
        }
    }

    /** @throws dev.rerank4j.RerankException if what was written with that cannot be read with this */
    void verifyForReading(String name, PostgresIdentity written) {
        (encoder.isEmpty() ? new PostgresIdentity(configuration, written.encoder, written.dimension) : this)
                .verify(name, written);
    }

    /** @throws dev.rerank4j.RerankException if what was written with that cannot be continued with this */
    void verify(String name, PostgresIdentity written) {
        if (!written.configuration.equals(configuration)) {
            throw PostgresFailures.unavailable("index " + name + " was written with text search configuration "
                    + written.configuration + ", this one is " + configuration
                    + ": index again into another table, or choose that configuration");
        }
        if (!written.encoder.equals(encoder)) {
            throw PostgresFailures.unavailable("index " + name + " was written with " + named(written.encoder)
                    + ", this one is with " + named(encoder)
                    + ": index again into another table, or choose what it was written with");
        }
        if (written.dimension != dimension) {
            throw PostgresFailures.unavailable("index " + name + " was written with vectors of " + written.dimension
                    + " numbers, those of encoder " + encoder + " have " + dimension
                    + ": index again into another table, or choose the encoder it was written with");
        }
    }

    private static String named(String encoder) {
        return encoder.isEmpty() ? "no encoder" : "encoder " + encoder;
    }
}
