package dev.rerank4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any of LangChain4j's {@link EmbeddingStore}s as a first stage of a {@link SearchPipeline}, alone or beside others.
 *
 * <p><b>Hits.</b> A match becomes a passage: its id is the embedding's, its text the segment's, its metadata the
 * segment's. Of metadata under the names of {@link TwoStageContentRetriever}'s constants, document, title, file, page,
 * headings and range are made as well; without {@link TwoStageContentRetriever#DOCUMENT_ID} each segment is its own
 * document. A match without a segment is left out: there is nothing to rank and to show.
 *
 * <p><b>Filters</b> become the store's: numbers as {@code long} if they are whole, else as {@code double}, flags as the
 * texts {@code true} and {@code false}. Moments are refused, for their metadata has none. Whether the store applies a
 * filter, and what it does where a type differs, is the store's affair; {@code InMemoryEmbeddingStore} throws then.
 *
 * <p><b>Failure.</b> What the model or the store throws becomes {@code UNAVAILABLE}. A store that hangs cannot be stopped
 * from here: the pipeline leaves it behind at its deadline, interrupted, and answers from its other retrievers, degraded.
 * Safe for use by several threads if model and store are.
 */
public final class EmbeddingStoreRetriever implements Retriever {

    /** What the stage is called if not said otherwise. */
    public static final String DEFAULT_NAME = "embedding-store";

    private final String name;
    private final EmbeddingStore<TextSegment> store;
    private final Function<String, Embedding> queryEmbedding;
    private final double minScore;
    private final Optional<Filter> filter;

    private EmbeddingStoreRetriever(Builder builder, EmbeddingStore<TextSegment> store,
            Function<String, Embedding> queryEmbedding) {
        this.store = store;
        this.queryEmbedding = queryEmbedding;
        name = builder.name;
        minScore = builder.minScore;
        filter = builder.filter;
    }

    /**
     * With the defaults of {@link #builder()}.
     *
     * @param store what is searched; remains its maker's
     * @param model what the store's segments were embedded with; remains its maker's
     * @return a first stage
     */
    public static EmbeddingStoreRetriever of(EmbeddingStore<TextSegment> store, EmbeddingModel model) {
        return builder().embeddingStore(store).embeddingModel(model).build();
    }

    /**
     * Starts a retriever; a store, and a model or an encoder must be given.
     *
     * @return a builder with the name {@value #DEFAULT_NAME}, without filter and without a lowest score
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Asks the store.
     *
     * @return scores are the store's, as a rule 0 to 1
     * @throws IllegalArgumentException if {@code limit < 1}, or the filter compares moments or is nested more than 100
     *         deep
     * @throws RerankException {@code UNAVAILABLE} if the model or the store throws; {@code MODEL} if a score is not
     *         finite; {@code TIMEOUT} if the deadline has passed before the store is asked
     */
    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        Ranking.Builder ranking = Ranking.builder(name);
        Filters.Condition condition = Filters.theirs(query.filter());
        if (condition.never()) {
            return ranking.build();
        }
        deadline.check(name);
        Embedding embedding = queryEmbedding.apply(query.text());
        deadline.check(name);
        EmbeddingSearchRequest request = EmbeddingSearchRequest.builder().query(query.text()).queryEmbedding(embedding)
                .maxResults(limit).minScore(minScore).filter(both(condition.condition())).build();
        for (EmbeddingMatch<TextSegment> match : search(request).matches()) {
            if (match.embedded() != null) {
                ranking.add(Segments.passage(match.embeddingId(), match.embedded()), finite(match.score()));
            }
        }
        return ranking.build().top(limit);
    }

    private @Nullable Filter both(Optional<Filter> condition) {
        return condition.map(wanted -> filter.<Filter>map(fixed -> new And(fixed, wanted)).orElse(wanted))
                .or(() -> filter)
                .orElse(null);
    }

    private EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        try {
            return store.search(request);
        } catch (RerankException e) {
            throw e;
        } catch (RuntimeException e) { // its message may quote the query
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "embedding store " + store.getClass().getName() + " failed: " + e.getClass().getName(), e);
        }
    }

    private double finite(double score) {
        if (!Double.isFinite(score)) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "embedding store " + store.getClass().getName() + " gave a score of " + score);
        }
        return score;
    }

    /** Puts a retriever together; not safe for use by several threads. */
    public static final class Builder {

        private String name = DEFAULT_NAME;
        private Optional<EmbeddingStore<TextSegment>> store = Optional.empty();
        private Optional<Function<String, Embedding>> queryEmbedding = Optional.empty();
        private double minScore;
        private Optional<Filter> filter = Optional.empty();

        private Builder() {
        }

        /**
         * What the stage is called in evidence and reports.
         *
         * @param name unique within a pipeline; not blank
         * @return this
         * @throws IllegalArgumentException if {@code name} is blank
         */
        public Builder name(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("name of a retriever must not be blank");
            }
            this.name = name;
            return this;
        }

        /**
         * What is searched.
         *
         * @param embeddingStore remains its maker's
         * @return this
         */
        public Builder embeddingStore(EmbeddingStore<TextSegment> embeddingStore) {
            this.store = Optional.of(embeddingStore);
            return this;
        }

        /**
         * What the store's segments were embedded with; told that the text is a query, if it wants to know. Of this and
         * {@link #encoder} the last one given counts.
         *
         * @param embeddingModel remains its maker's
         * @return this
         */
        public Builder embeddingModel(EmbeddingModel embeddingModel) {
            String model = embeddingModel.getClass().getName();
            this.queryEmbedding = Optional.of(text -> EmbeddingModelEncoder.asked(model, () -> EmbeddingModelEncoder
                    .embed(embeddingModel, List.of(text), EmbeddingInputType.QUERY).getFirst()));
            return this;
        }

        /**
         * What the store's segments were embedded with.
         *
         * @param encoder remains its maker's to close
         * @return this
         */
        public Builder encoder(Encoder encoder) {
            Objects.requireNonNull(encoder, "encoder");
            this.queryEmbedding = Optional.of(text -> Embedding.from(encoder.query(text)));
            return this;
        }

        /**
         * Leaves out what the store scores lower; nothing if not said.
         *
         * @param minScore 0 to 1
         * @return this
         * @throws IllegalArgumentException if {@code minScore} is not within 0 to 1
         */
        public Builder minScore(double minScore) {
            if (!(minScore >= 0 && minScore <= 1)) {
                throw new IllegalArgumentException("minScore must be within 0 to 1, got " + minScore);
            }
            this.minScore = minScore;
            return this;
        }

        /**
         * What every hit must satisfy besides the filter of the query.
         *
         * @param filter handed to the store as it is
         * @return this
         */
        public Builder filter(Filter filter) {
            this.filter = Optional.of(filter);
            return this;
        }

        /**
         * Makes the retriever.
         *
         * @return a first stage
         * @throws IllegalStateException if there is no store, or neither a model nor an encoder
         */
        public EmbeddingStoreRetriever build() {
            return new EmbeddingStoreRetriever(this,
                    store.orElseThrow(() -> new IllegalStateException("a retriever needs an embedding store")),
                    queryEmbedding.orElseThrow(
                            () -> new IllegalStateException("a retriever needs an embedding model or an encoder")));
        }
    }
}
