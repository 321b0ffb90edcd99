package dev.rerank4j.lucene;

import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.RetrieverContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class Bm25RetrieverContractTest extends RetrieverContract {

    @TempDir
    private Path directory;

    private LuceneIndex index;

    @BeforeEach
    void open() {
        index = LuceneIndex.open(directory, new WordEncoder(), "en");
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Override
    protected Retriever retriever(List<Passage> passages) {
        index.add(passages);
        index.commit();
        return index.bm25();
    }
}
