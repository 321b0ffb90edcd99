package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("small-disk")
class PostgresFullDiskTest {

    @Test
    void whatDoesNotFitIsSaidAndWhatIsCommittedStands() {
        TestDatabase database = new TestDatabase();
        database.execute("CREATE TABLESPACE small LOCATION '" + System.getProperty("rerank4j.postgres.small") + "'");
        try {
            PGSimpleDataSource small = database.another();
            small.setOptions("-c default_tablespace=small");
            try (PostgresIndex index = PostgresIndex.open(small, database.options(), Optional.empty())) {
                index.add(List.of(Passage.of("a", "apple")));
                index.commit();
                Random random = new Random(1);
                RerankException e = assertThrows(RerankException.class, () -> {
                    for (int i = 0; i < 64; i++) { // a MB each, which does not get smaller by compressing
                        index.add(List.of(Passage.of("b" + i, random.ints(500_000, 0x4E00, 0x9FA5)
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                                .toString())));
                    }
                    index.commit();
                });
                assertEquals(Kind.UNAVAILABLE, e.kind());
                assertTrue(e.getMessage().contains("no space left on the disk of PostgreSQL"), e.getMessage());
                assertTrue(e.getMessage().contains("stands as last committed"), e.getMessage());
                assertEquals(1, index.size());
                assertEquals(1, index.fullText().retrieve(Query.of("apple"), 10, Deadline.none()).size());
            }
        } finally {
            database.close();
            database.execute("DROP TABLESPACE small");
        }
    }
}
