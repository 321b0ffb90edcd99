package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What may go wrong with a database, as one sentence for the person in front of it. The driver's own messages are left
 * to the cause: they may quote the text of documents.
 */
final class PostgresFailures {

    private PostgresFailures() {
    }

    static RerankException reading(String name, SQLException failure) {
        return of(name, failure, "");
    }

    static RerankException writing(String name, SQLException failure) {
        return of(name, failure, ", it stands as last committed: open it again and repeat what was added since");
    }

    /** Whether the connection is gone, so that another one may do. */
    static boolean isBroken(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || state.startsWith("57P");
    }

    private static RerankException of(String name, SQLException failure, String after) {
        String state = state(failure);
        return switch (state) {
            case "57014" ->
                problem(Kind.TIMEOUT, name + " did not answer before the deadline: PostgreSQL cancelled the "
                        + "statement", after, failure);
            case "57P03" -> unavailable("PostgreSQL with " + name + " is starting up or shutting down: try again soon",
                    after, failure);
            case "57P01", "57P02", "57P04", "57P05", "08006", "08003", "08007" -> unavailable("the connection to "
                    + "PostgreSQL with " + name + " broke: see whether the server is running, and try again", after,
                    failure);
            case "28P01", "28000" -> unavailable("PostgreSQL with " + name + " refused the user or its password: check "
                    + "both", "", failure);
            case "3D000" -> unavailable("PostgreSQL has no database of the name given for " + name + ": create it, or "
                    + "choose another", "", failure);
            case "3F000" ->
                unavailable("the schema of " + name + " does not exist: CREATE SCHEMA it, or choose another",
                        "", failure);
            case "42P01" -> unavailable("no index in " + name + ": make one with rerank index, or choose another table",
                    "", failure);
            case "42703" -> unavailable("table " + name + " lacks a column that was named: check the columns", "",
                    failure);
            case "42501" -> unavailable("the user may not do this with " + name
                    + ": GRANT it what docs/postgresql.md lists", "", failure);
            case "25006" -> unavailable("PostgreSQL with " + name + " is read-only, a standby perhaps: it can be "
                    + "searched; writing needs the primary server", "", failure);
            case "53100" -> unavailable("no space left on the disk of PostgreSQL with " + name + ": free some", after,
                    failure);
            case "53300" -> problem(Kind.OVERLOADED, "PostgreSQL with " + name
                    + " has too many connections: try again later, or take them from a pool", after, failure);
            case "53200" -> problem(Kind.OVERLOADED, "PostgreSQL with " + name + " is out of memory: try again later",
                    after, failure);
            case "55P03" -> unavailable("index " + name
                    + " is being written by another one: wait until it has committed", "", failure);
            case "54000", "54001" -> problem(Kind.INVALID_REQUEST,
                    "the query or its filter is more than PostgreSQL takes: shorten it", "", failure);
            default -> other(name, failure, state, after);
        };
    }

    private static RerankException other(String name, SQLException failure, String state, String after) {
        if (state.startsWith("08")) {
            return unavailable("PostgreSQL with " + name + " cannot be reached: see whether it is running at this "
                    + "address", "", failure);
        }
        return unavailable("PostgreSQL failed with " + name + " (SQLSTATE " + (state.isEmpty() ? "unknown" : state)
                + "): see its log", after, failure);
    }

    static RerankException unavailable(String message) {
        return new RerankException(Kind.UNAVAILABLE, message);
    }

    private static RerankException unavailable(String message, String after, SQLException failure) {
        return problem(Kind.UNAVAILABLE, message, after, failure);
    }

    private static RerankException problem(Kind kind, String message, String after, SQLException failure) {
        return new RerankException(kind, message + after, failure);
    }

    /** Pools wrap what the driver says. */
    private static String state(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof SQLException known && known.getSQLState() != null) {
                return known.getSQLState();
            }
        }
        return "";
    }
}
