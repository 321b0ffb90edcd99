package dev.rerank4j.remote;

import dev.rerank4j.Index;
import dev.rerank4j.IndexContract;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.RetrieverContract;
import dev.rerank4j.WordEncoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** What every index and every retriever must do, in a real OpenSearch. */
@Timeout(600)
class OpenSearchContractTest {

    @AfterAll
    static void clear() {
        RealOpenSearch.clear();
    }

    @Nested
    class IsAnIndex extends IndexContract {

        private final String name = RealOpenSearch.newIndex();

        @Override
        protected Index open() {
            OpenSearchIndex index = OpenSearchIndex.open(RealOpenSearch.options(name));
            index.commit();
            return index;
        }

        @Override
        protected Retriever retriever(Index index) {
            return ((OpenSearchIndex) index).bm25();
        }
    }

    @Nested
    class FindsByWords extends RetrieverContract {

        private final List<OpenSearchIndex> opened = new ArrayList<>();

        @Override
        protected Retriever retriever(List<Passage> passages) {
            OpenSearchIndex index = OpenSearchIndex.open(RealOpenSearch.options(RealOpenSearch.newIndex()));
            opened.add(index);
            index.add(passages);
            index.commit();
            return index.bm25();
        }

        @AfterEach
        void close() {
            opened.forEach(OpenSearchIndex::close);
        }
    }

    @Nested
    class FindsByVectors extends RetrieverContract {

        private final List<OpenSearchIndex> opened = new ArrayList<>();

        @Override
        protected Retriever retriever(List<Passage> passages) {
            OpenSearchIndex index = OpenSearchIndex.open(RealOpenSearch.options(RealOpenSearch.newIndex()),
                    new WordEncoder(64));
            opened.add(index);
            index.add(passages);
            index.commit();
            return index.vector();
        }

        @AfterEach
        void close() {
            opened.forEach(OpenSearchIndex::close);
        }
    }
}
