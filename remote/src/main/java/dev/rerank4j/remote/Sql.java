package dev.rerank4j.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A piece of SQL and the values of its parameters, in the order of their question marks: what others say is a value and
 * never SQL.
 *
 * @param text with a question mark for each value; an operator's own is doubled
 * @param values texts, numbers, and arrays of them
 */
record Sql(String text, List<Object> values) {

    static Sql of(String text, Object... values) {
        return new Sql(text, List.of(values));
    }

    Sql and(Sql other) {
        return joined("", List.of(this, other), "", "");
    }

    Sql and(String text, Object... more) {
        return and(of(text, more));
    }

    static Sql joined(String between, Collection<Sql> parts, String before, String after) {
        List<Object> values = new ArrayList<>();
        parts.forEach(part -> values.addAll(part.values()));
        return new Sql(before + String.join(between, parts.stream().map(Sql::text).toList()) + after, values);
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                switch (value) {
                    case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
                    case Integer[] numbers -> statement.setArray(i + 1, connection.createArrayOf("int4", numbers));
                    case Double[] numbers -> statement.setArray(i + 1, connection.createArrayOf("float8", numbers));
                    default -> statement.setObject(i + 1, value);
                }
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    int run(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepare(connection)) {
            return statement.executeUpdate();
        }
    }
}
