package dev.rerank4j.server;

import dev.rerank4j.Document;
import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Fusion;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.SectionedDocument;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A real index behind the smallest pipeline that can do all that a request may wish for. */
final class PlainIndex implements ServedIndex, AutoCloseable {

    private final String name;
    private final LuceneIndex index;

    PlainIndex(String name, Path folder, Encoder encoder) {
        this.name = name;
        index = LuceneIndex.open(folder, encoder, "en");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String language() {
        return index.language();
    }

    @Override
    public int documents() {
        return index.documentCount();
    }

    @Override
    public int passages(Filter filter) {
        return index.count(filter);
    }

    @Override
    public Found search(SearchRequest request, Wish wish) {
        if (wish.minProbability().isPresent() && !wish.rerank()) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, "min_probability needs a reranker");
        }
        SearchPipeline.Builder builder = SearchPipeline.builder().fusion(Fusion.reciprocalRank(60));
        Retrieval retrieval = wish.retrieval().orElse(Retrieval.HYBRID);
        if (retrieval != Retrieval.VECTOR) {
            builder.retriever(index.bm25());
        }
        if (retrieval != Retrieval.BM25) {
            builder.retriever(index.vector());
        }
        try (SearchPipeline first = builder.build()) {
            Ranking before = wish.rerank() ? first.search(request).ranking() : Ranking.builder("none").build();
            if (wish.rerank()) {
                builder.reranker(Reranker.of(BuiltIn.SCORER));
            }
            try (SearchPipeline whole = builder.build()) {
                SearchResult result = whole.search(request);
                return new Found(wish.minProbability().isPresent()
                        ? new SearchResult(result.ranking().atLeast(wish.minProbability().getAsDouble()),
                                result.stages())
                        : result, wish.rerank() ? Optional.of(before) : Optional.empty());
            }
        }
    }

    @Override
    public Filter condition(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("filter must be field=value");
        }
        return new Filter.Equal(text.substring(0, equals), Value.of(text.substring(equals + 1)));
    }

    @Override
    public Index index() {
        return index;
    }

    @Override
    public List<Passage> passages(Document document) {
        List<Passage> passages = BuiltIn.CHUNKER.chunk(SectionedDocument.plain(document, ""));
        return passages.isEmpty() ? List.of(Passage.of(document.id(), document.text())) : passages;
    }

    @Override
    public void close() {
        index.close();
    }
}
