package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.PackageExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageInfoTest {

    @Test
    void itsExampleRuns(@TempDir Path folder, @TempDir Path data) throws IOException {
        Files.writeString(data.resolve("qrels.tsv"), "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t1\n");
        Files.writeString(data.resolve("bm25.run"), "q1 Q0 x 1 2 bm25\nq1 Q0 a 2 1 bm25\nq2 Q0 b 1 1 bm25\n");
        Files.writeString(data.resolve("hybrid.run"), "q1 Q0 a 1 2 hybrid\nq2 Q0 b 1 1 hybrid\n");
        String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/eval/package-info.java"), folder,
                List.of("dev.rerank4j.eval", "java.nio.file", "java.util"), "Path folder", data);
        assertEquals("""
                ndcg@10 1.00, 95% within 1.00 to 1.00
                better by 0.18, p = 1.00
                judged queries that are not in bm25 and left out of its means, as trec_eval does: 1 (q3)
                judged queries that are not in hybrid and left out of its means, as trec_eval does: 1 (q3)
                """, printed);
    }
}
