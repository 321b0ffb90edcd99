package dev.rerank4j.remote;

import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What is committed, read back without a search; nothing where there is no index. Safe for use by several threads. */
final class PostgresContents {

    private final PostgresReader reader;
    private final PostgresLayout layout;
    private final PassageColumns columns;

    PostgresContents(PostgresReader reader, PostgresLayout layout, PassageColumns columns) {
        this.reader = reader;
        this.layout = layout;
        this.columns = columns;
    }

    private interface Row<T> {
        void into(T all, ResultSet row) throws SQLException;
    }

    /** Collects rows; anew if a broken connection has to be replaced amidst them. */
    private <T> T read(Supplier<T> nothing, Sql query, Row<T> row) {
        return reader.read(connection -> {
            T all = nothing.get();
            if (layout.exists(connection)) {
                try (PreparedStatement statement = query.prepare(connection);
                        ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        row.into(all, rows);
                    }
                }
            }
            return all;
        });
    }

    Map<String, String> marks() {
        return read(HashMap::new, Sql.of("SELECT key, mark FROM " + layout.marks),
                (marks, row) -> marks.put(PostgresText.read(row.getString(1)), PostgresText.read(row.getString(2))));
    }

    Set<String> documents(String file) {
        return read(TreeSet::new, Sql.of("SELECT DISTINCT document FROM " + layout.passages
                + " WHERE location ->> 'file' = ?", PostgresText.stored(file)),
                (documents, row) -> documents.add(PostgresText.read(row.getString(1))));
    }

    Map<String, List<Passage>> passages(Collection<String> documentIds) {
        String[] ids = documentIds.stream().map(PostgresText::stored).toArray(String[]::new);
        return read(HashMap::new, Sql.of("SELECT " + columns.selected() + " FROM " + columns.table()
                + " WHERE document = ANY (?) ORDER BY document, place", (Object) ids), (passages, row) -> {
                    Passage passage = columns.read(row);
                    passages.computeIfAbsent(passage.documentId(), id -> new ArrayList<>()).add(passage);
                });
    }

    List<Passage> firstPassages(String after, int limit) {
        return read(ArrayList::new, Sql.of("SELECT " + columns.selected() + " FROM " + columns.table()
                + " WHERE place = 0 AND document > ? ORDER BY document LIMIT ?", PostgresText.stored(after), limit),
                (firsts, row) -> firsts.add(columns.read(row)));
    }

    boolean hasField(String field) {
        return !read(ArrayList<Integer>::new, Sql.of("SELECT 1 FROM " + layout.passages
                + " WHERE jsonb_exists(metadata, ?) LIMIT 1", PostgresText.stored(field)),
                (found, row) -> found.add(row.getInt(1))).isEmpty();
    }

    Set<String> fields() {
        return read(TreeSet::new, Sql.of("SELECT DISTINCT jsonb_object_keys(metadata) FROM " + layout.passages),
                (fields, row) -> fields.add(PostgresText.read(row.getString(1))));
    }

    SortedMap<String, Integer> counts(String field, Filter filter) {
        return read(TreeMap::new, Sql.of("SELECT value #>> '{}', count(DISTINCT id) FROM " + layout.passages
                + ", jsonb_path_query(metadata, CAST(? AS jsonpath)) AS v(value) WHERE ",
                "lax $." + PostgresJson.quoted(field) + " ? (@.type() == \"string\")")
                .and(columns.condition(filter)).and(" GROUP BY 1"),
                (counts, row) -> counts.put(PostgresText.read(row.getString(1)), row.getInt(2)));
    }

    int count(String what, Sql condition) {
        return read(ArrayList<Integer>::new, Sql.of("SELECT " + what + " FROM " + layout.passages + " WHERE ")
                .and(condition), (counts, row) -> counts.add(row.getInt(1))).stream().findFirst().orElse(0);
    }
}
