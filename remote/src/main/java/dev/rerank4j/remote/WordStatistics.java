package dev.rerank4j.remote;

import dev.rerank4j.remote.PostgresWords.Word;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What BM25 has to know of a table.
 *
 * @param passages how many there are
 * @param length how many words they have on the mean
 */
record WordStatistics(double passages, double length) {

    /** From so many passages on, how many have a common word is taken from the statistics of the server. */
    private static final int COUNTED = 20_000;

    /**
     * A word, and what finding it says.
     *
     * @param word of the query
     * @param passages how many have it, about
     * @param weight how much one of them gains by it at most
     */
    record Weighted(Word word, double passages, double weight) {
    }

    /** The words by how many passages have them, the rarest first; those that none has are left out. */
    List<Weighted> weighted(List<Word> words, PassageColumns columns, Connection connection) throws SQLException {
        Map<String, Double> known = passages < COUNTED ? new HashMap<>() : common(words, columns, connection);
        List<Word> rare = words.stream().filter(word -> !known.containsKey(word.text())).toList();
        Sql counting = Sql.of("SELECT (SELECT count(*) FROM " + columns.table() + " WHERE " + columns.words()
                + " @@ CAST(q.word AS tsquery)) FROM unnest(?) WITH ORDINALITY AS q(word, place) ORDER BY place",
                (Object) rare.stream().map(Word::query).toArray(String[]::new));
        try (PreparedStatement statement = counting.prepare(connection); ResultSet rows = statement.executeQuery()) {
            for (Word word : rare) {
                rows.next();
                known.put(word.text(), rows.getDouble(1));
            }
        }
        List<Weighted> weighted = new ArrayList<>();
        for (Word word : words) {
            double having = known.getOrDefault(word.text(), 0.0);
            if (having > 0) {
                double all = Math.max(passages, having);
                weighted.add(new Weighted(word, having,
                        word.count() * Math.log1p((all - having + 0.5) / (having + 0.5))));
            }
        }
        weighted.sort(Comparator.comparingDouble(Weighted::passages).thenComparing(one -> one.word().text()));
        return weighted;
    }

    /** Of the words that ANALYZE found to be common, how many passages have them. */
    private Map<String, Double> common(List<Word> words, PassageColumns columns, Connection connection)
            throws SQLException {
        Map<String, Double> common = new HashMap<>();
        Sql frequencies = Sql.of("SELECT elem, freq FROM pg_stats s, "
                + "unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(elem, freq) "
                + "WHERE s.schemaname = ? AND s.tablename = ? AND s.attname = ? AND elem = ANY (?)",
                columns.names().schema(), columns.names().table(), columns.names().words(),
                words.stream().map(Word::text).toArray(String[]::new));
        try (PreparedStatement statement = frequencies.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                common.put(rows.getString(1), rows.getDouble(2) * passages);
            }
        }
        return common;
    }
}
