package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.PackageExample;
import dev.rerank4j.Reranker;
import dev.rerank4j.WordScorer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the documentation, run. */
@Tag("postgres")
class PostgresExampleTest {

    @Test
    void theExampleOfThePageRuns(@TempDir Path folder) {
        try (TestDatabase database = new TestDatabase(); WordScorer scorer = new WordScorer()) {
            String printed = PackageExample.run(Path.of("../docs/postgresql.md"), folder,
                    List.of("dev.rerank4j", "dev.rerank4j.remote", "java.util", "javax.sql"),
                    "DataSource database, Reranker reranker", database.source(), Reranker.of(scorer));
            assertEquals("You get 28 days of leave.", printed.strip());
            database.execute("DROP TABLE public.passages, public.passages_marks, public.passages_about");
        }
    }
}
