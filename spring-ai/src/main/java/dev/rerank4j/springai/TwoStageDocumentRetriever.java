package dev.rerank4j.springai;

import dev.rerank4j.Filter;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.retrieval.search.DocumentRetriever;
import org.springframework.ai.rag.retrieval.search.VectorStoreDocumentRetriever;
import org.springframework.ai.vectorstore.filter.Filter.Expression;

/**
 * A whole search, retrieval and reranking, as a source of documents. If a retriever fails or is late the others answer,
 * if the reranker does the first-stage order does, and the documents' metadata says so. Safe for use by several threads;
 * the calling thread waits, for at most the timeout.
 *
 * <p>A hit becomes a document of its passage's id and text. Its metadata has the fields of the passage, where it stands
 * and the {@linkplain RerankMetadata evidence}. Its {@linkplain Document#getScore() score} is the probability that it
 * answers the query, if all hits have one and are in the order of it, otherwise the score that it was ordered by; equal
 * ones differ in their last bit, so that Spring AI's document joiner, which sorts by scores, keeps the order.
 *
 * <p>A query may bring a filter expression, a string or an {@code Expression}, in its context under
 * {@link VectorStoreDocumentRetriever#FILTER_EXPRESSION}.
 */
public final class TwoStageDocumentRetriever implements DocumentRetriever {

    private final SearchPipeline pipeline;
    private final int limit;
    private final int depth;
    private final Duration timeout;
    private final SearchRequest.Unit unit;
    private final MinScore minScore;
    private final Supplier<Filter> always;
    private final Supplier<Filter> byDefault;
    private final Observed observed;

    private TwoStageDocumentRetriever(Builder builder) {
        pipeline = builder.pipeline;
        limit = builder.limit;
        depth = builder.depth.orElse(Math.max(limit, SearchRequest.DEFAULT_DEPTH));
        timeout = builder.timeout;
        unit = builder.unit;
        minScore = builder.minScore;
        always = builder.always;
        byDefault = builder.byDefault;
        observed = builder.observed;
    }

    /**
     * Starts one.
     *
     * @param pipeline with a retriever; closing it remains the caller's affair
     * @return with the pipeline and the defaults
     */
    public static Builder builder(SearchPipeline pipeline) {
        return new Builder(pipeline);
    }

    /**
     * Searches.
     *
     * @param query its text is searched for and the filter expression in its context applied; the history is not looked
     *        at
     * @return best first; possibly none
     * @throws IllegalArgumentException if the filter expression cannot be read or has an operator without counterpart
     * @throws RerankException if no retriever answered; {@code UNAVAILABLE} if the thread was interrupted before there was
     *         an answer; it still is then
     * @throws IllegalStateException if the pipeline is closed or has no retriever
     */
    @Override
    public List<Document> retrieve(Query query) {
        SearchRequest request = new SearchRequest(new dev.rerank4j.Query(query.text(), filter(query)), unit, limit,
                depth, timeout);
        SearchResult result = observed.run(RerankObservationContext.Operation.SEARCH, request, OptionalInt.empty(),
                () -> pipeline.search(request));
        return Documents.of(result, minScore);
    }

    private Filter filter(Query query) {
        Object own = query.context().get(VectorStoreDocumentRetriever.FILTER_EXPRESSION);
        Filter wanted = switch (own) {
            case null -> byDefault.get();
            case Expression expression -> FilterReader.read(expression);
            default -> own.toString().isBlank() ? byDefault.get() : FilterReader.read(own.toString());
        };
        Filter required = always.get();
        if (required.equals(Filter.NONE)) {
            return wanted;
        }
        return wanted.equals(Filter.NONE) ? required : new Filter.And(List.of(required, wanted));
    }

    /** Puts a retriever together; not safe for use by several threads. */
    public static final class Builder {

        private final SearchPipeline pipeline;
        private int limit = SearchRequest.DEFAULT_LIMIT;
        private OptionalInt depth = OptionalInt.empty();
        private Duration timeout = SearchRequest.DEFAULT_TIMEOUT;
        private SearchRequest.Unit unit = SearchRequest.Unit.PASSAGE;
        private MinScore minScore = MinScore.NONE;
        private Supplier<Filter> always = () -> Filter.NONE;
        private Supplier<Filter> byDefault = () -> Filter.NONE;
        private Observed observed = Observed.NOT;

        private Builder(SearchPipeline pipeline) {
            this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
        }

        /**
         * How many documents are returned.
         *
         * @param limit at least 1; 10 if not said
         * @return this
         * @throws IllegalArgumentException if {@code limit < 1}
         */
        public Builder limit(int limit) {
            this.limit = Settings.atLeastOne("limit", limit);
            return this;
        }

        /**
         * How many candidates are retrieved and reranked.
         *
         * @param depth at least the limit; 50, or as many as the limit, if not said
         * @return this
         * @throws IllegalArgumentException if {@code depth < 1}
         */
        public Builder depth(int depth) {
            this.depth = OptionalInt.of(Settings.atLeastOne("depth", depth));
            return this;
        }

        /**
         * How long {@link #retrieve} waits.
         *
         * @param timeout longer than zero; 30 seconds if not said
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Settings.aboveZero(timeout);
            return this;
        }

        /**
         * Whether the best passage stands for its document.
         *
         * @param unit passages if not said
         * @return this
         */
        public Builder unit(SearchRequest.Unit unit) {
            this.unit = Objects.requireNonNull(unit, "unit");
            return this;
        }

        /**
         * Leaves out what does not answer the query: hits of a lower probability (of an uncalibrated model: score). If the
         * model failed or was late, nothing is left out.
         *
         * @param minScore a probability, 0 to 1, or a score; nothing is left out if not said
         * @return this
         * @throws IllegalArgumentException if it is not finite
         */
        public Builder minScore(double minScore) {
            this.minScore = MinScore.of(minScore);
            return this;
        }

        /**
         * What every document must satisfy, whatever else a query asks for: a tenant, for instance.
         *
         * @param filter asked for each query, on its thread; everything passes if not said
         * @return this
         */
        public Builder filter(Supplier<Filter> filter) {
            always = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * What documents must satisfy if the query has no filter expression of its own.
         *
         * @param expression in Spring AI's filter language
         * @return this
         * @throws IllegalArgumentException if it cannot be read or has an operator without counterpart
         */
        public Builder filterExpression(String expression) {
            Filter filter = FilterReader.read(expression);
            byDefault = () -> filter;
            return this;
        }

        /**
         * What documents must satisfy if the query has no filter expression of its own.
         *
         * @param expression asked for each query, on its thread
         * @return this
         */
        public Builder filterExpression(Supplier<Expression> expression) {
            Objects.requireNonNull(expression, "expression");
            byDefault = () -> FilterReader.read(expression.get());
            return this;
        }

        /**
         * Observes every search.
         *
         * @param registry nothing is observed if not said
         * @return this
         */
        public Builder observationRegistry(ObservationRegistry registry) {
            observed = new Observed(registry, observed.convention());
            return this;
        }

        /**
         * Names the observations.
         *
         * @param convention {@link DefaultRerankObservationConvention} if not said
         * @return this
         */
        public Builder observationConvention(RerankObservationConvention convention) {
            observed = new Observed(observed.registry(), convention);
            return this;
        }

        /**
         * The retriever as said so far.
         *
         * @return the retriever
         * @throws IllegalArgumentException if the depth is less than the limit
         */
        public TwoStageDocumentRetriever build() {
            if (depth.isPresent() && depth.getAsInt() < limit) {
                throw new IllegalArgumentException("depth must be >= limit (" + limit + "), got " + depth.getAsInt());
            }
            return new TwoStageDocumentRetriever(this);
        }
    }
}
