package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import dev.rerank4j.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterQueriesTest {

    private static final int PASSAGES = 200;

    @TempDir
    private Path directory;

    @Test
    void bothRetrieversAgreeWithTheDefinitionOfFilters() {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(), "en")) {
            List<Passage> passages = new ArrayList<>();
            RandomPassages made = new RandomPassages(new Random(1));
            for (int i = 0; i < PASSAGES; i++) {
                passages.add(made.passage("p" + i, "d" + i));
                if (i % 50 == 0) {
                    index.add(passages.subList(i, i + 1));
                    index.commit(); // several segments
                }
            }
            index.add(passages);
            index.commit();
            index.mark("key", "no passage");
            index.commit();
            int found = 0;
            for (int seed = 0; seed < 400; seed++) {
                Filter filter = filter(new Random(seed), 3);
                Set<String> expected = passages.stream().filter(passage -> filter.matches(passage.metadata()))
                        .map(Passage::id).collect(Collectors.toCollection(TreeSet::new));
                String message = "seed " + seed + ", " + shortened(filter);
                assertEquals(expected, found(index.bm25(), filter), message);
                assertEquals(expected, found(index.vector(), filter), message);
                found += expected.isEmpty() || expected.size() == PASSAGES ? 0 : 1;
            }
            assertTrue(found > 100, "filters that tell passages apart: " + found);
        }
    }

    private static Set<String> found(Retriever retriever, Filter filter) {
        Ranking ranking = retriever.retrieve(new Query("word", filter), PASSAGES + 1, Deadline.none());
        return ranking.hits().stream().map(Hit::passage).map(Passage::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Filter filter(Random random, int depth) {
        RandomPassages values = new RandomPassages(random);
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> new Filter.Equal(values.field(), values.single());
            case 1 -> new Filter.In(values.field(),
                    several(random, values::single).stream().collect(Collectors.toSet()));
            case 2 -> range(random, values);
            case 3 -> new Filter.Contains(values.field(), switch (random.nextInt(4)) {
                case 0 -> values.text();
                case 1 -> "\uD83C";
                case 2 -> "xxred";
                default -> "red";
            });
            case 4 -> new Filter.And(several(random, () -> filter(random, depth - 1)));
            case 5 -> new Filter.Or(several(random, () -> filter(random, depth - 1)));
            default -> new Filter.Not(filter(random, depth - 1));
        };
    }

    private static Filter range(Random random, RandomPassages values) {
        boolean moments = random.nextBoolean();
        Optional<Value> from = Optional.of(moments ? values.moment() : values.number());
        Optional<Value> to = Optional.of(moments ? values.moment() : values.number());
        return switch (random.nextInt(3)) {
            case 0 -> new Filter.Range(values.field(), from, random.nextBoolean(), Optional.empty(), false);
            case 1 -> new Filter.Range(values.field(), Optional.empty(), false, to, random.nextBoolean());
            default -> new Filter.Range(values.field(), from, random.nextBoolean(), to, random.nextBoolean());
        };
    }

    private static <T> List<T> several(Random random, Supplier<T> supplier) {
        List<T> several = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(supplier.get());
        }
        return several;
    }

    private static String shortened(Filter filter) {
        return filter.toString().replaceAll("(.)\\1{9,}", "$1...");
    }
}
