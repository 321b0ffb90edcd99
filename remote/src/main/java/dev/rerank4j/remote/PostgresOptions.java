package dev.rerank4j.remote;

import java.util.Map;

/**
 * Where an index lies in a PostgreSQL database, and how its words are found.
 *
 * @param schema the schema that the tables are in; it must exist
 * @param table the name of the table of passages, and what the names of the others begin with: {@code TABLE_marks} and
 *        {@code TABLE_about}; at most 50 bytes
 * @param configuration the text search configuration that makes words of texts, such as {@code english} or
 *        {@code simple}, or one of the database's own, such as {@code public.mine}; what {@code \dF} lists
 * @param graph whether vectors get an HNSW graph, which finds most of the nearest fast; without one all are compared,
 *        which finds every one and takes longer the more there are
 */
public record PostgresOptions(String schema, String table, String configuration, boolean graph) {

    private static final int LONGEST_TABLE = 50;

    private static final Map<String, String> CONFIGURATIONS = Map.ofEntries(
            Map.entry("", "simple"), Map.entry("ar", "arabic"), Map.entry("ca", "catalan"), Map.entry("da", "danish"),
            Map.entry("de", "german"), Map.entry("el", "greek"), Map.entry("en", "english"),
            Map.entry("es", "spanish"), Map.entry("eu", "basque"), Map.entry("fi", "finnish"),
            Map.entry("fr", "french"), Map.entry("ga", "irish"), Map.entry("hi", "hindi"),
            Map.entry("hu", "hungarian"), Map.entry("hy", "armenian"), Map.entry("id", "indonesian"),
            Map.entry("it", "italian"), Map.entry("lt", "lithuanian"), Map.entry("ne", "nepali"),
            Map.entry("nl", "dutch"), Map.entry("no", "norwegian"), Map.entry("pt", "portuguese"),
            Map.entry("ro", "romanian"), Map.entry("ru", "russian"), Map.entry("sr", "serbian"),
            Map.entry("sv", "swedish"), Map.entry("ta", "tamil"), Map.entry("tr", "turkish"),
            Map.entry("yi", "yiddish"));

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if a name is blank, too long or has a NUL in it
     */
    public PostgresOptions {
        SqlName.check("schema", schema, SqlName.LONGEST);
        SqlName.check("table", table, LONGEST_TABLE);
        SqlName.check("text search configuration", configuration, 2 * SqlName.LONGEST + 1);
    }

    /**
     * {@return options for a table of the schema {@code public}, without a graph}
     *
     * @param table as the component
     * @param configuration as the component
     * @throws IllegalArgumentException if a name is blank, too long or has a NUL in it
     */
    public static PostgresOptions of(String table, String configuration) {
        return new PostgresOptions("public", table, configuration, false);
    }

    /**
     * {@return the same in another schema}
     *
     * @param other the schema
     * @throws IllegalArgumentException if it is blank, too long or has a NUL in it
     */
    public PostgresOptions inSchema(String other) {
        return new PostgresOptions(other, table, configuration, graph);
    }

    /** {@return the same with a graph over the vectors} */
    public PostgresOptions withGraph() {
        return new PostgresOptions(schema, table, configuration, true);
    }

    /**
     * {@return the text search configuration that PostgreSQL brings for a language; {@code simple}, words as they are,
     * for one that it has none for}
     *
     * @param language a two-letter code of ISO 639, such as {@code en}; empty for none in particular
     */
    public static String configuration(String language) {
        return CONFIGURATIONS.getOrDefault(language, "simple");
    }

    /** The name of the index in messages. */
    String name() {
        return schema + "." + table;
    }
}
