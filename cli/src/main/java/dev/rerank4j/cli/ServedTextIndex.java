package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Document;
import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.SectionedDocument;
import dev.rerank4j.server.ServedIndex;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** An index as the server is handed it: searched as {@code rerank search} does. */
final class ServedTextIndex implements ServedIndex {

    private final String name;
    private final TextIndex index;
    private final Index written;
    private final List<StageScorer> scorers;
    private final Config config;
    private final Chunker chunker;
    private final Map<Config.Retrieval, Applicability> languages = new EnumMap<>(Config.Retrieval.class);

    /**
     * @param index is searched
     * @param written the same directory, to be written
     * @param models what is known of the languages that they know
     * @param scorers the rerankers, as they are served
     */
    ServedTextIndex(String name, TextIndex index, Index written, Models models, List<StageScorer> scorers,
            Config config, Chunker chunker) {
        this.name = name;
        this.index = index;
        this.written = written;
        this.scorers = scorers;
        this.config = config;
        this.chunker = chunker;
        for (Config.Retrieval retrieval : Config.Retrieval.values()) {
            languages.put(retrieval, LanguageCheck.of(index, models, retrieval));
        }
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
    public int depth() {
        return config.reranker().depth();
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
        Config.Retrieval retrieval = wish.retrieval().map(wanted -> switch (wanted) {
            case HYBRID -> Config.Retrieval.HYBRID;
            case BM25 -> Config.Retrieval.BM25;
            case VECTOR -> Config.Retrieval.VECTOR;
        }).orElse(config.search().retriever());
        List<StageScorer> wanted = wish.rerank() ? scorers : List.of();
        Double least = wish.minProbability().isPresent()
                ? Double.valueOf(wish.minProbability().getAsDouble())
                : config.search().minProbability();
        if (least != null && wanted.isEmpty()) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    "min_probability needs a reranker, and there is none: leave it out, or ask for one");
        }
        IndexSearch.Found found;
        try {
            found = new IndexSearch(index, config.search().first(retrieval, config.search().fusion()),
                    config.reranker(), wanted, least)
                    .run(request, languages.getOrDefault(retrieval, Applicability.ALWAYS));
        } catch (UsageException e) { // a first stage that this index has not
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
        try {
            return new Found(found.checked(),
                    found.second().flatMap(stage -> stage.ranking(request.unit(), request.limit())));
        } catch (UsageException e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, "min_probability has nothing to go by: no "
                    + "probabilities were given for this query; leave it out", e);
        }
    }

    @Override
    public Filter condition(String text) {
        try {
            return index.filter(List.of(text));
        } catch (UsageException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()).replace("--filter", "filter"), e);
        }
    }

    @Override
    public Index index() {
        return written;
    }

    @Override
    public List<Passage> passages(Document document) {
        List<Passage> passages = chunker.chunk(SectionedDocument.plain(document, ""));
        return passages.isEmpty()
                ? List.of(new Passage(document.id(), document.id(), document.title(), document.text(),
                        Location.NONE, document.metadata()))
                : passages;
    }
}
