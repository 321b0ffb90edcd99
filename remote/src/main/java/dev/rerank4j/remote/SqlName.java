package dev.rerank4j.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Names of tables and columns as SQL writes them: quoted, so that every name is one and none is SQL. */
final class SqlName {

    /** In bytes of UTF-8; PostgreSQL cuts off what is beyond, and two names could become one. */
    static final int LONGEST = 63;

    private SqlName() {
    }

    static void check(String what, String name, int longest) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank");
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " must not have a NUL in it");
        }
        int bytes = name.getBytes(UTF_8).length;
        if (bytes > longest) {
            throw new IllegalArgumentException(what + " must have at most " + longest + " bytes, got " + bytes);
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quoted(String schema, String name) {
        return quoted(schema) + '.' + quoted(name);
    }

    /** A text as a literal, whatever the setting of standard_conforming_strings. */
    static String literal(String text) {
        return text.indexOf('\\') < 0
                ? '\'' + text.replace("'", "''") + '\''
                : "E'" + text.replace("\\", "\\\\").replace("'", "''") + '\'';
    }
}
