package dev.rerank4j.remote;

import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.RetrieverContract;
import dev.rerank4j.WordEncoder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("pgvector")
class NearestRetrieverContractTest extends RetrieverContract {

    private final TestDatabase database = new TestDatabase();
    private final PostgresIndex index = PostgresIndex.open(database.source(), database.options(),
            Optional.of(new WordEncoder(64)));

    @AfterEach
    void drop() {
        index.close();
        database.close();
    }

    @Override
    protected Retriever retriever(List<Passage> passages) {
        index.add(passages);
        index.commit();
        return index.vector();
    }
}
