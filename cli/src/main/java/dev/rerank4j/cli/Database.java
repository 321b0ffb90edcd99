package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a PostgreSQL database as a first stage: the section {@code postgres}.
 *
 * @param url such as {@code jdbc:postgresql://localhost/docs}
 * @param user if nobody says, what the driver takes: the name of who runs it
 * @param passwordEnv the environment variable that holds the password
 * @param passwordFile the file that holds it
 * @param table of the passages; may be {@code schema.table}
 * @param search how the database searches
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Database(@Nullable String url, @Nullable String user, @Nullable String passwordEnv,
        @Nullable String passwordFile, @Nullable String table, Search search) {

    /** How a database finds candidates: by words, or by vectors with the extension pgvector. */
    enum Search {
        @JsonProperty("full-text")
        FULL_TEXT, VECTOR
    }

    Database {
        search = search == null ? Search.FULL_TEXT : search;
    }
}
