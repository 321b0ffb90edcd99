package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Index;
import dev.rerank4j.PackageExample;
import dev.rerank4j.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageInfoTest {

    @Test
    void itsExampleRuns(@TempDir Path folder, @TempDir Path docs) throws IOException {
        Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty days a year.\n");
        ListIndex index = new ListIndex();
        Tokens characters = text -> IntStream.range(0, text.length()).toArray();
        PackageExample.run(Path.of("src/main/java/dev/rerank4j/ingest/package-info.java"), folder,
                List.of("dev.rerank4j", "dev.rerank4j.ingest", "java.nio.file"),
                "Index index, Tokens tokens, Path folder", index, characters, docs);
        assertEquals(List.of("Thirty days a year."), index.committed);
    }

    /** Remembers texts. */
    private static final class ListIndex implements Index {

        private final List<String> added = new ArrayList<>();
        private List<String> committed = List.of();

        @Override
        public void add(List<Passage> passages) {
            passages.forEach(passage -> added.add(passage.text()));
        }

        @Override
        public void delete(String documentId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void commit() {
            committed = List.copyOf(added);
        }

        @Override
        public void close() {
            // nothing to free
        }
    }
}
