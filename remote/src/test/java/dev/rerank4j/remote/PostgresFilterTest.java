package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Retriever;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PostgresFilterTest {

    private static final int PASSAGES = 200;

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void randomFiltersPassWhatTheirDefinitionSays() {
        List<Passage> passages = passages();
        PostgresColumns columns = PostgresColumns.of("passages", "id", "text", "english").inSchema(database.schema())
                .withMetadata("metadata");
        try (PostgresIndex index = PostgresIndex.open(database.source(), database.options(), Optional.empty())) {
            index.add(passages);
            index.commit();
            // the same, seen as a table that others keep
            try (PostgresTable table = PostgresTable.open(database.source(), columns, Optional.empty())) {
                int telling = 0;
                for (int seed = 0; seed < 300; seed++) {
                    Filter filter = new RandomMetadata(new Random(seed)).filter(3);
                    Set<String> expected = passages.stream().filter(passage -> filter.matches(passage.metadata()))
                            .map(Passage::id).collect(Collectors.toSet());
                    String message = "seed " + seed + ", " + filter;
                    assertEquals(expected, found(index.fullText(), filter), message);
                    assertEquals(expected, found(table.fullText(), filter), message);
                    assertEquals(expected.size(), index.count(filter), message);
                    assertEquals(expected.size(), table.count(filter), message);
                    telling += expected.isEmpty() || expected.size() == PASSAGES ? 0 : 1;
                }
                assertTrue(telling > 60, "filters that tell passages apart: " + telling);
            }
        }
    }

    @Test
    void metadataComeBackAsTheyWere() {
        List<Passage> passages = passages();
        try (PostgresIndex index = PostgresIndex.open(database.source(), database.options(), Optional.empty())) {
            index.add(passages);
            index.commit();
            for (Passage passage : passages) {
                assertEquals(List.of(passage), index.passages(passage.documentId()));
            }
        }
    }

    private static List<Passage> passages() {
        RandomMetadata random = new RandomMetadata(new Random(1));
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < PASSAGES; i++) {
            passages.add(new Passage("p" + i, "d" + i, "", "word", Location.NONE, random.metadata()));
        }
        return passages;
    }

    private static Set<String> found(Retriever retriever, Filter filter) {
        Set<String> ids = new HashSet<>();
        for (Hit hit : retriever.retrieve(new Query("word", filter), PASSAGES + 1, Deadline.none())) {
            ids.add(hit.passage().id());
        }
        return ids;
    }
}
