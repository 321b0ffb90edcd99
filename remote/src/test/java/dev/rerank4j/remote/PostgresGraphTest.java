package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Retriever;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vectors, with and without a graph over them. */
@Tag("pgvector")
class PostgresGraphTest {

    private static final int PASSAGES = 2_000;

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    private static List<Passage> passages() {
        Random random = new Random(7);
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < PASSAGES; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < 12; word++) {
                text.append("w").append(random.nextInt(300)).append(' ');
            }
            passages.add(new Passage("p" + i, "d" + i, "", text.toString(), Location.NONE,
                    Map.of("n", Value.of(i))));
        }
        return passages;
    }

    private static Set<String> found(Retriever retriever, String query, Filter filter, int limit) {
        Set<String> ids = new HashSet<>();
        for (Hit hit : retriever.retrieve(new Query(query, filter), limit, Deadline.none())) {
            assertTrue(hit.score() >= -1.000001 && hit.score() <= 1.000001, "a cosine: " + hit.score());
            ids.add(hit.passage().id());
        }
        return ids;
    }

    @Test
    void aGraphFindsMostOfTheNearestAndAsManyAsAreWanted() {
        Encoder encoder = new WordEncoder(64);
        PostgresOptions all = PostgresOptions.of("plain", "english").inSchema(database.schema());
        try (PostgresIndex graph = PostgresIndex.open(database.source(), database.options().withGraph(),
                Optional.of(encoder));
                PostgresIndex exact = PostgresIndex.open(database.source(), all, Optional.of(encoder))) {
            for (PostgresIndex index : List.of(graph, exact)) {
                index.add(passages());
                index.commit();
            }
            assertEquals("hnsw", database.ask("SELECT a.amname FROM pg_class c JOIN pg_am a ON a.oid = c.relam "
                    + "WHERE c.relname = 'passages_vector' AND c.relnamespace = CAST('"
                    + SqlName.quoted(database.schema()) + "' AS regnamespace)"));
            int same = 0;
            for (int i = 0; i < 50; i++) {
                String query = "w" + i + " w" + 2 * i + " w" + 3 * i;
                Set<String> near = found(graph.vector(), query, Filter.NONE, 20);
                assertEquals(20, near.size());
                near.retainAll(found(exact.vector(), query, Filter.NONE, 20));
                same += near.size();
            }
            assertTrue(same >= 800, same + " of 1000 of the nearest were found");
            // A filter that few pass, and more than a walk keeps in view: all of them are found all the same.
            Filter few = Filter.Range.below("n", Value.of(30));
            assertEquals(found(exact.vector(), "w1 w2", few, 100), found(graph.vector(), "w1 w2", few, 100));
            assertEquals(30, found(graph.vector(), "w1 w2", few, 100).size());
            assertEquals(10, found(graph.vector(), "w1 w2", few, 10).size());
            assertEquals(1_500, found(graph.vector(), "w1 w2", Filter.NONE, 1_500).size());
        }
    }

    @Test
    void randomFiltersPassWhatTheirDefinitionSays() {
        RandomMetadata metadata = new RandomMetadata(new Random(1));
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            passages.add(new Passage("p" + i, "d" + i, "", "word", Location.NONE, metadata.metadata()));
        }
        try (PostgresIndex index = PostgresIndex.open(database.source(), database.options().withGraph(),
                Optional.of(new WordEncoder(8)))) {
            index.add(passages);
            index.commit();
            for (int seed = 0; seed < 100; seed++) {
                Filter filter = new RandomMetadata(new Random(seed)).filter(2);
                Set<String> expected = new HashSet<>();
                passages.stream().filter(passage -> filter.matches(passage.metadata())).map(Passage::id)
                        .forEach(expected::add);
                assertEquals(expected, found(index.vector(), "word", filter, 101), "seed " + seed + ", " + filter);
            }
        }
    }

    @Test
    void vectorsOfAnotherEncoderOrDimensionAreRefused() {
        try (PostgresIndex index = PostgresIndex.open(database.source(), database.options(),
                Optional.of(new Named("model", new WordEncoder(64))))) {
            index.add(List.of(Passage.of("a", "apple")));
            index.commit();
        }
        refused("was written with encoder model, this one is with encoder words-64", new WordEncoder(64));
        refused("was written with vectors of 64 numbers, those of encoder model have 32",
                new Named("model", new WordEncoder(32)));
        try (PostgresIndex words = PostgresIndex.open(database.source(), database.options(), Optional.empty())) {
            assertEquals(1, words.fullText().retrieve(Query.of("apple"), 10, Deadline.none()).size());
            RerankException e = assertThrows(RerankException.class, () -> words.delete("a"));
            assertTrue(e.getMessage().contains("was written with encoder model, this one is with no encoder"),
                    e.getMessage());
        }
    }

    private void refused(String message, Encoder encoder) {
        RerankException e = assertThrows(RerankException.class,
                () -> PostgresIndex.open(database.source(), database.options(), Optional.of(encoder)));
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void dimensionsThatNoVectorHasAreMisuse() {
        assertEquals("dimension of encoder words-2001 must be within 1 to 2000, got 2001",
                assertThrows(IllegalArgumentException.class, () -> PostgresIndex.open(database.source(),
                        database.options().withGraph(), Optional.of(new WordEncoder(2_001)))).getMessage());
    }

    @Test
    void vectorsOfAnExistingTableAreSearched() {
        Encoder encoder = new WordEncoder(16);
        database.execute("CREATE TABLE " + database.table("Articles") + " (\"Key\" int, \"Body\" text, "
                + "\"Embedding\" vector(16))");
        List<String> bodies = List.of("red apple", "green pear", "blue plum");
        for (int i = 0; i < bodies.size(); i++) {
            database.execute("INSERT INTO " + database.table("Articles") + " VALUES (" + i + ", '" + bodies.get(i)
                    + "', '" + PgVector.text(encoder.passages(List.of(bodies.get(i)))[0]) + "')");
        }
        database.execute("INSERT INTO " + database.table("Articles") + " VALUES (9, 'no vector yet', NULL)");
        PostgresColumns columns = PostgresColumns.of("Articles", "Key", "Body", "english").inSchema(database.schema());
        for (PostgresColumns.Distance distance : PostgresColumns.Distance.values()) {
            try (PostgresTable table = PostgresTable.open(database.source(),
                    columns.withVector("Embedding", distance), Optional.of(encoder))) {
                List<Hit> hits = table.vector().retrieve(Query.of("green pear"), 10, Deadline.none()).hits();
                assertEquals(3, hits.size());
                assertEquals("1", hits.getFirst().passage().id());
            }
        }
        RerankException e = assertThrows(RerankException.class, () -> PostgresTable.open(database.source(),
                columns.withVector("Embedding", PostgresColumns.Distance.COSINE), Optional.of(new WordEncoder(8))));
        assertTrue(e.getMessage().contains("has vectors of 16 numbers, those of encoder words-8 have 8"),
                e.getMessage());
    }

    private record Named(String name, Encoder encoder) implements Encoder {

        @Override
        public int dimension() {
            return encoder.dimension();
        }

        @Override
        public float[] query(String text) {
            return encoder.query(text);
        }

        @Override
        public float[][] passages(List<String> texts) {
            return encoder.passages(texts);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
