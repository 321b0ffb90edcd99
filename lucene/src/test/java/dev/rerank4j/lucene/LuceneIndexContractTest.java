package dev.rerank4j.lucene;

import dev.rerank4j.Index;
import dev.rerank4j.IndexContract;
import dev.rerank4j.Retriever;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexContractTest extends IndexContract {

    @TempDir
    private Path directory;

    @Override
    protected Index open() {
        return LuceneIndex.open(directory.resolve("index"), new WordEncoder(), "en");
    }

    @Override
    protected Retriever retriever(Index index) {
        return ((LuceneIndex) index).bm25();
    }
}
