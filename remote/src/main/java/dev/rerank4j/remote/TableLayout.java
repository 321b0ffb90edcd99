package dev.rerank4j.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An existing table as passages: which expression of SQL is which part of one. */
final class TableLayout {

    private static final Set<String> MOMENTS = Set.of("timestamp", "timestamptz", "date");
    private static final String NOTHING = "CAST('{}' AS jsonb)";

    private final PostgresColumns columns;

    /** Of each column its type, and how many numbers its vectors have; -1 if that is open. */
    private final Map<String, Type> types = new HashMap<>();

    private record Type(String name, String category, int modifier) {
    }

    /**
     * Reads the types of a table's columns.
     *
     * @throws dev.rerank4j.RerankException if there is no such table, or one of the columns is missing or of a type
     *         that it must not be
     */
    TableLayout(PostgresColumns columns, Connection connection) throws SQLException {
        this.columns = columns;
        Sql attributes = Sql.of("SELECT a.attname, t.typname, t.typcategory, a.atttypmod FROM pg_attribute a "
                + "JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 "
                + "AND NOT a.attisdropped", table());
        try (PreparedStatement statement = attributes.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                types.put(rows.getString(1), new Type(rows.getString(2), rows.getString(3), rows.getInt(4)));
            }
        }
        if (types.isEmpty()) {
            throw PostgresFailures.unavailable("there is no table " + columns.name()
                    + " that this user can see: check the schema, the name and the permissions");
        }
        Stream.of(Stream.of(columns.id(), columns.text()), columns.document().stream(), columns.title().stream(),
                columns.fields().values().stream()).flatMap(names -> names).forEach(this::type);
        columns.words().ifPresent(column -> require(column, "tsvector"));
        columns.metadata().ifPresent(column -> require(column, "jsonb"));
        columns.vector().ifPresent(column -> require(column, "vector"));
    }

    private Type type(String column) {
        Type type = types.get(column);
        if (type == null) {
            throw PostgresFailures.unavailable("table " + columns.name() + " has no column " + column
                    + ": it has " + types.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return type;
    }

    private void require(String column, String wanted) {
        String type = type(column).name();
        if (!type.equals(wanted)) {
            throw PostgresFailures.unavailable("column " + column + " of table " + columns.name()
                    + " must have type " + wanted + ", got " + type + ": choose another column");
        }
    }

    /** How many numbers the vectors of its column have; nothing if that is open. */
    Optional<Integer> dimension() {
        return columns.vector().map(column -> type(column).modifier()).filter(dimension -> dimension > 0);
    }

    PassageColumns columns() {
        String id = "coalesce(CAST(" + SqlName.quoted(columns.id()) + " AS text), '')";
        String words = columns.words().map(SqlName::quoted).orElseGet(this::expression);
        return new PassageColumns(table(), id,
                columns.document().map(column -> "coalesce(CAST(" + SqlName.quoted(column) + " AS text), " + id + ")")
                        .orElse(id),
                columns.title().map(TableLayout::text).orElse("CAST('' AS text)"), text(columns.text()), NOTHING,
                metadata(), words, "length(" + words + ")",
                new PassageColumns.Names(columns.schema(), columns.table(), columns.words().orElse("")),
                columns.vector().map(SqlName::quoted).orElse("NULL"), this::holder);
    }

    private String table() {
        return SqlName.quoted(columns.schema(), columns.table());
    }

    /** What an index has to be made over where there is no column of words. */
    String expression() {
        String title = columns.title().map(column -> text(column) + " || ' ' || ").orElse("");
        return "to_tsvector(" + SqlName.literal(columns.configuration()) + "::regconfig, " + title
                + text(columns.text()) + ")";
    }

    private static String text(String column) {
        return "coalesce(" + SqlName.quoted(column) + ", '')";
    }

    private String metadata() {
        String own = columns.metadata().map(column -> "coalesce(" + SqlName.quoted(column) + ", " + NOTHING + ")")
                .orElse(NOTHING);
        return columns.fields().isEmpty()
                ? own
                : own + " || jsonb_strip_nulls(jsonb_build_object(" + columns.fields().entrySet().stream()
                        .map(field -> SqlName.literal(PostgresText.stored(field.getKey())) + ", "
                                + value(field.getValue()))
                        .collect(Collectors.joining(", ")) + "))";
    }

    private String holder(String field) {
        String column = columns.fields().get(field);
        return column != null
                ? "jsonb_build_object(" + SqlName.literal(PostgresText.stored(field)) + ", " + value(column) + ")"
                : columns.metadata().map(SqlName::quoted).orElse(NOTHING);
    }

    /** A column's value as {@link PostgresJson} reads it; points in time to the millisecond, infinite ones not. */
    private String value(String column) {
        String quoted = SqlName.quoted(column);
        Type type = type(column);
        if (MOMENTS.contains(type.name())) {
            return "CASE WHEN isfinite(" + quoted + ") THEN jsonb_build_object('" + PostgresJson.MILLIS
                    + "', CAST(floor(extract(epoch FROM " + quoted + ") * 1000) AS bigint)) END";
        }
        return switch (type.category()) {
            case "N", "B", "A" -> "to_jsonb(" + quoted + ")";
            default -> type.name().equals("jsonb") ? quoted : "to_jsonb(CAST(" + quoted + " AS text))";
        };
    }
}
