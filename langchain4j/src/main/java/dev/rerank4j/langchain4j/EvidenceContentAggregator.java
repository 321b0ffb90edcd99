package dev.rerank4j.langchain4j;

import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ContentAggregator;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Reranks what LangChain4j's content retrievers found, and keeps what they said of it: in place of their {@code
 * ReRankingContentAggregator}, with a deadline, and with an answer where the model fails.
 *
 * <p><b>Candidates.</b> Contents are fused by reciprocal rank, k = 60, first those of one query, then those of all, as
 * by LangChain4j's own aggregators. A content is known by its {@code EMBEDDING_ID} together with its segment; one without
 * an id is the same as any of an equal segment. So what two retrievers found is one content with the evidence of both,
 * and two embeddings of equal segments are two. Found twice in one list, it counts once, at its better rank. What has no
 * text (null, or blank) is left out: no model can read it.
 *
 * <p><b>Evidence.</b> The results are {@link EvidenceContent}s. Stages are called {@code retriever-1} and so on, in the
 * order of the lists, with several queries {@code query-1/retriever-1}; {@code fusion} and the reranker's own name, {@code
 * rerank}, follow. An {@code EvidenceContent} that comes in brings its own: {@code retriever-1/bm25}. The score of a
 * retriever is the content's {@code SCORE}, or one divided by its rank if it has none.
 *
 * <p><b>Several queries.</b> Each content is scored against every query that found it, and its best score counts: what
 * answers one of several questions well is wanted. That takes a pair for each query and each of its contents; {@link
 * Builder#querySelector} takes one query for all, which costs less and suits variations of one question.
 *
 * <p><b>Failure.</b> If the model fails or is late, the contents come in first-stage order, at most {@code maxResults},
 * {@linkplain EvidenceContent#degraded() degraded} and without {@code RERANKED_SCORE}; {@code minScore} is not applied,
 * for want of a score. A {@link SearchListener} hears of it.
 *
 * <p>Safe for use by several threads, virtual ones included.
 */
public final class EvidenceContentAggregator implements ContentAggregator, AutoCloseable {

    private final Reranker reranker;
    private final Optional<Scorer> owned;
    private final int depth;
    private final int maxResults;
    private final OptionalDouble minScore;
    private final Duration timeout;
    private final Optional<Function<Map<Query, Collection<List<Content>>>, Query>> querySelector;
    private final SearchListener listener;
    private volatile boolean closed;

    private EvidenceContentAggregator(Builder builder, Reranker reranker) {
        this.reranker = reranker;
        owned = builder.owned;
        depth = builder.depth;
        maxResults = builder.maxResults;
        minScore = builder.minScore;
        timeout = builder.timeout;
        querySelector = builder.querySelector;
        listener = builder.listener;
    }

    /**
     * With the built-in cross-encoder, which {@link #close()} frees, and the defaults of {@link #builder()}.
     *
     * @return an aggregator that owns its model
     * @throws RerankException as {@link RerankScoringModel#builtIn()}
     */
    public static EvidenceContentAggregator builtIn() {
        Scorer scorer = BuiltIn.scorer();
        Builder builder = builder().scorer(scorer);
        builder.owned = Optional.of(scorer);
        return builder.build();
    }

    /**
     * With the defaults of {@link #builder()}.
     *
     * @param scorer remains its maker's to close
     * @return an aggregator that orders by the scorer's logits
     */
    public static EvidenceContentAggregator of(Scorer scorer) {
        return builder().scorer(scorer).build();
    }

    /**
     * Starts an aggregator; a scorer or a reranker must be given.
     *
     * @return a builder: if not said otherwise, all contents are reranked and returned, within thirty seconds
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Fuses and reranks.
     *
     * @param queryToContents for each query the lists of all retrievers, best first; a list that is null is taken for
     *        empty
     * @return best first, all of them {@link EvidenceContent}s; possibly none; the list is the caller's
     * @throws RerankException {@code UNAVAILABLE} if the thread was interrupted, which it still is then
     * @throws IllegalStateException if closed
     */
    @Override
    public List<Content> aggregate(Map<Query, Collection<List<Content>>> queryToContents) {
        if (closed) {
            throw new IllegalStateException("content aggregator is closed");
        }
        Candidates candidates = Candidates.of(queryToContents);
        if (candidates.ranking().isEmpty()) {
            return new ArrayList<>();
        }
        List<String> queries = querySelector
                .map(selector -> List.of(selector.apply(queryToContents).text()))
                .orElseGet(() -> queryToContents.keySet().stream().map(Query::text).toList());
        Optional<String> first = queries.stream().filter(text -> !text.isBlank()).findFirst();
        if (first.isEmpty()) { // LangChain4j takes an ideographic space for a text
            return contents(candidates, candidates.ranking(), false);
        }
        int deep = Math.min(depth, candidates.ranking().size());
        int limit = minScore.isPresent() ? deep : Math.min(maxResults, deep);
        SearchRequest request = new SearchRequest(new dev.rerank4j.Query(first.get(), Filter.NONE),
                SearchRequest.Unit.PASSAGE, limit, deep, timeout);
        Reranker stage = queries.size() == 1
                ? reranker
                : new EveryQueryReranker(reranker, queries, (hit, query) -> candidates.of(hit).foundBy(query));
        // A pipeline a call, because the stage knows the queries of the call; one costs some microseconds.
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(stage).listener(listener).build()) {
            SearchResult result = pipeline.rerank(request, candidates.ranking());
            return contents(candidates, result.ranking(), result.degraded());
        }
    }

    private List<Content> contents(Candidates candidates, Ranking ranking, boolean degraded) {
        boolean reranked = !ranking.stage().equals(candidates.ranking().stage());
        // one scale for all: among others that have a probability, a hit without one has no score
        boolean probable = reranked && ranking.hits().stream().anyMatch(hit -> hit.probability().isPresent());
        List<Content> contents = new ArrayList<>(Math.min(ranking.size(), maxResults));
        for (Hit hit : ranking) {
            OptionalDouble score = probable || !reranked ? hit.probability() : OptionalDouble.of(hit.score());
            boolean enough = !reranked || minScore.isEmpty()
                    || score.isPresent() && score.getAsDouble() >= minScore.getAsDouble();
            if (enough && contents.size() < maxResults) {
                contents.add(candidates.of(hit).content(hit, score, degraded));
            }
        }
        return contents;
    }

    /** Refuses further calls, and frees the model if {@link #builtIn()} made it; a second call does nothing. */
    @Override
    public void close() {
        closed = true;
        owned.ifPresent(Scorer::close);
    }

    /** Puts an aggregator together; not safe for use by several threads. */
    public static final class Builder {
        private Optional<Reranker> reranker = Optional.empty();
        private Optional<Scorer> owned = Optional.empty();
        private int depth = Integer.MAX_VALUE;
        private int maxResults = Integer.MAX_VALUE;
        private OptionalDouble minScore = OptionalDouble.empty();
        private Duration timeout = SearchRequest.DEFAULT_TIMEOUT;
        private Optional<Function<Map<Query, Collection<List<Content>>>, Query>> querySelector = Optional.empty();
        private SearchListener listener = SearchListener.NONE;

        private Builder() {
        }

        /**
         * Orders by a model's scores alone; of this and {@link #reranker} the last one given counts.
         *
         * @param scorer remains its maker's to close
         * @return this
         */
        public Builder scorer(Scorer scorer) {
            return reranker(Reranker.of(scorer));
        }

        /**
         * Orders by any second stage.
         *
         * @param reranker if its scores cannot be compared between queries, as those of {@link Reranker#adaptive}, give a
         *        {@link #querySelector}, too; its name must not be {@code fusion}. Asked for several queries, a
         *        {@linkplain Reranker#cascade cascade} is one stage: if it is late, the order of the contents remains
         * @return this
         */
        public Builder reranker(Reranker reranker) {
            this.reranker = Optional.of(reranker);
            return this;
        }

        /**
         * How many contents are reranked; the others are left out. All if not said: the time is in proportion.
         *
         * @param depth at least 1
         * @return this
         * @throws IllegalArgumentException if {@code depth < 1}
         */
        public Builder depth(int depth) {
            this.depth = atLeastOne("depth", depth);
            return this;
        }

        /**
         * How many contents come back at most; all if not said.
         *
         * @param maxResults at least 1
         * @return this
         * @throws IllegalArgumentException if {@code maxResults < 1}
         */
        public Builder maxResults(int maxResults) {
            this.maxResults = atLeastOne("maxResults", maxResults);
            return this;
        }

        /**
         * Leaves out contents whose {@code RERANKED_SCORE} is lower. If none is left, nothing relevant was found.
         *
         * @param minScore of the scale of {@code RERANKED_SCORE}; finite
         * @return this
         * @throws IllegalArgumentException if {@code minScore} is not finite
         */
        public Builder minScore(double minScore) {
            if (!Double.isFinite(minScore)) {
                throw new IllegalArgumentException("minScore must be finite, got " + minScore);
            }
            this.minScore = OptionalDouble.of(minScore);
            return this;
        }

        /**
         * How long a call waits for the reranker; thirty seconds if not said.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if {@code timeout} is negative or zero
         */
        public Builder timeout(Duration timeout) {
            Deadline.in(timeout); // complains in its own words
            this.timeout = timeout;
            return this;
        }

        /**
         * Scores all contents against one query, as LangChain4j's aggregator does.
         *
         * @param querySelector chooses the query; need not give one of the map
         * @return this
         */
        public Builder querySelector(Function<Map<Query, Collection<List<Content>>>, Query> querySelector) {
            this.querySelector = Optional.of(querySelector);
            return this;
        }

        /**
         * Hears of every call that had contents to rerank; of several queries the request has the first.
         *
         * @param listener only the last one given counts
         * @return this
         */
        public Builder listener(SearchListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Makes it.
         *
         * @return an aggregator that does not own its scorer
         * @throws IllegalStateException if there is neither a scorer nor a reranker
         * @throws IllegalArgumentException if the reranker is called {@code fusion}
         */
        public EvidenceContentAggregator build() {
            Reranker stage = reranker
                    .orElseThrow(() -> new IllegalStateException("a content aggregator needs a scorer or a reranker"));
            SearchPipeline.builder().reranker(stage).build().close(); // complains of the name
            return new EvidenceContentAggregator(this, stage);
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be >= 1, got " + value);
            }
            return value;
        }
    }
}
