package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import dev.rerank4j.remote.WordStatistics.Weighted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds passages by their words, scored by BM25 with k1 = 1.2 and b = 0.75. PostgreSQL's own ranking functions know
 * nothing of how rare a word is, and rank far worse (docs/postgresql.md); but {@code ts_rank_cd} of a single word, all
 * weights being 1, is how often it occurs, and with that the formula can be written in SQL.
 */
final class FullTextRetriever implements Retriever {

    static final String NAME = "full-text";

    /** About so many passages are scored, those with the rarest words: reading all with a common one takes too long. */
    private static final int READ = 20_000;

    private static final double K1 = 1.2;
    private static final double B = 0.75;

    /** How the statistics of a table are come by. */
    interface Source {
        WordStatistics of(Connection connection) throws SQLException;
    }

    private final PostgresReader reader;
    private final PassageColumns columns;
    private final String configuration;
    private final Source source;

    FullTextRetriever(PostgresReader reader, PassageColumns columns, String configuration, Source source) {
        this.reader = reader;
        this.columns = columns;
        this.configuration = configuration;
        this.source = source;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        Sql condition = columns.condition(query.filter());
        return reader.read(NAME, deadline, connection -> {
            WordStatistics statistics = source.of(connection);
            List<Weighted> words = statistics.weighted(
                    PostgresWords.of(query.text(), configuration, connection), columns, connection);
            if (words.isEmpty()) {
                return Ranking.builder(NAME).build();
            }
            int rare = rare(words, limit);
            Ranking ranking = ranking(words, rare, statistics, condition, limit, connection);
            return ranking.size() < limit && rare < words.size()
                    ? ranking(words, words.size(), statistics, condition, limit, connection)
                    : ranking;
        });
    }

    /** How many of the words, the rarest first, are looked for: at least one, and until enough passages have one. */
    private static int rare(List<Weighted> words, int limit) {
        double most = Math.max(READ, 10.0 * limit);
        double passages = words.getFirst().passages();
        int rare = 1;
        while (rare < words.size() && passages + words.get(rare).passages() <= most) {
            passages += words.get(rare).passages();
            rare++;
        }
        return rare;
    }

    /** Of the passages with one of the first words, the best by all of them. */
    private Ranking ranking(List<Weighted> words, int rare, WordStatistics statistics, Sql condition, int limit,
            Connection connection) throws SQLException {
        String any = String.join(" | ", words.subList(0, rare).stream().map(word -> word.word().query()).toList());
        // Of each word weight * tf / (tf + norm), which is weight - norm * weight / (tf + norm).
        Sql gained = Sql.joined(" + ", words.stream().map(word -> Sql.of("CAST(? AS float8) / "
                + "(ts_rank_cd('{1, 1, 1, 1}', r4j_words, CAST(? AS tsquery)) + r4j_norm)", word.weight(),
                word.word().query())).toList(), "", "");
        double all = words.stream().mapToDouble(Weighted::weight).sum();
        // The inner query is fenced, so that words are unpacked once for all.
        Sql best = Sql.of("SELECT " + columns.selected() + ", r4j_score FROM (SELECT m.*, CAST(? AS float8) "
                + "- r4j_norm * (", all).and(gained)
                .and(") AS r4j_score FROM (SELECT t.*, " + columns.words() + " || CAST('' AS tsvector) AS r4j_words, "
                        + K1 * (1 - B) + " + " + columns.length() + " * CAST(? AS float8) AS r4j_norm FROM "
                        + columns.table() + " AS t WHERE " + columns.words() + " @@ CAST(? AS tsquery) AND ",
                        K1 * B / Math.max(1, statistics.length()), any)
                .and(condition)
                .and(" OFFSET 0) AS m ORDER BY r4j_score DESC, " + columns.id() + " LIMIT ?) AS best", limit)
                .and(" ORDER BY r4j_score DESC, " + columns.id());
        Ranking.Builder ranking = Ranking.builder(NAME);
        try (PreparedStatement statement = best.prepare(connection); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ranking.add(columns.read(rows), rows.getDouble(7));
            }
        }
        return ranking.build();
    }
}
