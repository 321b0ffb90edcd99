package dev.rerank4j.remote;

import dev.rerank4j.Index;
import dev.rerank4j.IndexContract;
import dev.rerank4j.Retriever;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("postgres")
class PostgresIndexContractTest extends IndexContract {

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    @Override
    protected Index open() {
        return PostgresIndex.open(database.source(), database.options(), Optional.empty());
    }

    @Override
    protected Retriever retriever(Index index) {
        return ((PostgresIndex) index).fullText();
    }
}
