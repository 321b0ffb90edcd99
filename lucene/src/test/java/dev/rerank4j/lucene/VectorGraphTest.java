package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** So many passages that Lucene makes a graph, with vectors in random directions: the hardest for a graph. */
class VectorGraphTest {

    private static final int PASSAGES = 21_000;
    private static final int LIMIT = 50;

    @TempDir
    private Path directory;

    @Test
    void theGraphFindsNearlyAllAndFiltersLoseNothing() {
        Directions encoder = new Directions();
        float[][] vectors = IntStream.range(0, PASSAGES).mapToObj(i -> encoder.query("text " + i))
                .toArray(float[][]::new);
        try (LuceneIndex index = LuceneIndex.open(directory, encoder, "en")) {
            List<Passage> passages = new ArrayList<>();
            for (int i = 0; i < PASSAGES; i++) {
                passages.add(new Passage("p" + i, "d" + i, "", "text " + i, Location.NONE,
                        Map.of("hundred", Value.of(i / 100), "half", Value.of(i % 2))));
            }
            index.add(passages);
            index.commit();
            int found = 0;
            for (int q = 0; q < 20; q++) {
                String text = "query " + q;
                Ranking ranking = index.vector().retrieve(Query.of(text), LIMIT, Deadline.none());
                found += hits(ranking, exact(encoder.query(text), vectors, IntStream.range(0, PASSAGES)));
                Filter hundred = new Filter.Equal("hundred", Value.of(q));
                Ranking few = index.vector().retrieve(new Query(text, hundred), LIMIT, Deadline.none());
                IntStream numbers = IntStream.range(q * 100, q * 100 + 100);
                assertEquals(LIMIT, hits(few, exact(encoder.query(text), vectors, numbers)));
                Filter half = new Filter.Equal("half", Value.of(1));
                Ranking many = index.vector().retrieve(new Query(text, half), LIMIT, Deadline.none());
                assertEquals(LIMIT, many.size());
                assertTrue(many.hits().stream().allMatch(hit -> half.matches(hit.passage().metadata())));
            }
            assertTrue(found >= 0.9 * 20 * LIMIT, "found " + found + " of " + 20 * LIMIT);
            assertEquals(PASSAGES,
                    index.vector().retrieve(Query.of("query"), Integer.MAX_VALUE, Deadline.none()).size());
        }
    }

    private static Set<String> exact(float[] query, float[][] vectors, IntStream numbers) {
        record Scored(int number, double score) {
        }
        return numbers.mapToObj(i -> new Scored(i, dot(query, vectors[i])))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(LIMIT).map(scored -> "p" + scored.number()).collect(Collectors.toSet());
    }

    private static int hits(Ranking ranking, Set<String> wanted) {
        return (int) ranking.hits().stream().map(Hit::passage).map(Passage::id).filter(wanted::contains).count();
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    /** A text's direction is random, the same each time. */
    private static final class Directions implements Encoder {

        @Override
        public String name() {
            return "directions";
        }

        @Override
        public int dimension() {
            return 16;
        }

        @Override
        public float[] query(String text) {
            Random random = new Random(text.hashCode() * 0x9E3779B97F4A7C15L);
            float[] vector = new float[dimension()];
            double square = 0;
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian();
                square += vector[i] * vector[i];
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= (float) Math.sqrt(square);
            }
            return vector;
        }

        @Override
        public float[][] passages(List<String> texts) {
            return texts.stream().map(this::query).toArray(float[][]::new);
        }

        @Override
        public void close() {
        }
    }
}
