package dev.rerank4j.springai;

import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.springai.Candidates.Candidate;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/**
 * Puts the documents that a retriever found into the order of a model, within a deadline. If the model fails or is late,
 * the documents stay in the order they came, and their metadata says so. Safe for use by several threads; the calling
 * thread waits, for at most the timeout.
 *
 * <p>The first {@code depth} documents with a text are reranked. Behind them come, in the order they came, those behind
 * the depth and those without a text (media), which no model read. Of all of these, {@code limit} are returned.
 *
 * <p>A document comes back as a new one of the same id, text, media, metadata and formatter; those given are not
 * changed. The {@linkplain Document#getScore() score} of one that was reranked is the probability that it answers the
 * query (of an uncalibrated model, or where another reranker weighs probabilities against something else, the score that
 * it was ordered by; equal ones differ in their last bit); its metadata has the {@linkplain RerankMetadata evidence}.
 * One that was not read has no score. Of documents with one id and one text the first counts; of one id and several
 * texts, each does.
 */
public final class RerankingDocumentPostProcessor implements DocumentPostProcessor, AutoCloseable {

    /** The name of the stage that found the documents, in evidence and as a weight of {@link Reranker#adaptive}. */
    public static final String FIRST_STAGE = "first-stage";

    private final SearchPipeline pipeline;
    private final String stage;
    private final int depth;
    private final int limit;
    private final MinScore minScore;
    private final Duration timeout;
    private final Function<Document, String> text;
    private final Observed observed;

    private RerankingDocumentPostProcessor(Builder builder, Reranker reranker) {
        pipeline = SearchPipeline.builder().reranker(reranker).listener(builder.listener).build();
        stage = reranker.name();
        depth = builder.depth;
        limit = builder.limit;
        minScore = builder.minScore;
        timeout = builder.timeout;
        text = builder.text;
        observed = builder.observed;
    }

    /**
     * One that orders by a model's scores, with the defaults of the {@linkplain #builder() builder}.
     *
     * @param scorer the model; closing it remains the caller's affair
     * @return to be closed when it is not needed any more
     */
    public static RerankingDocumentPostProcessor of(Scorer scorer) {
        return builder().scorer(scorer).build();
    }

    /**
     * Starts one.
     *
     * @return without a reranker yet
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reranks.
     *
     * @param query its text is compared with the documents; history and context are not looked at
     * @param documents in the order of the retriever; possibly none
     * @return a new list, best first
     * @throws RerankException {@code UNAVAILABLE} if the thread was interrupted before there was an answer; it still is then
     * @throws IllegalStateException if closed
     */
    @Override
    public List<Document> process(Query query, List<Document> documents) {
        if (documents.isEmpty()) {
            return List.of();
        }
        Candidates candidates = Candidates.of(documents, text, FIRST_STAGE, stage);
        int wanted = Math.min(limit, candidates.all().size());
        SearchRequest request = new SearchRequest(dev.rerank4j.Query.of(query.text()), SearchRequest.Unit.PASSAGE,
                Math.min(wanted, depth), depth, timeout);
        SearchResult result = observed.run(RerankObservationContext.Operation.RERANK, request,
                OptionalInt.of(documents.size()), () -> pipeline.rerank(request, candidates.ranking()));
        List<Document> processed = result.degraded()
                ? asTheyCame(candidates, result)
                : reranked(candidates, result);
        return List.copyOf(processed.subList(0, Math.min(wanted, processed.size())));
    }

    private static List<Document> asTheyCame(Candidates candidates, SearchResult result) {
        return candidates.all().stream()
                .map(candidate -> candidate.after(result, candidate.document().getScore(), Optional.empty(), 0))
                .toList();
    }

    private List<Document> reranked(Candidates candidates, SearchResult result) {
        Map<String, Candidate> byPassage = new HashMap<>();
        candidates.all().forEach(candidate -> byPassage.put(candidate.passageId(), candidate));
        List<Hit> hits = minScore.of(result.ranking().hits().stream()
                .filter(hit -> byPassage.containsKey(hit.passage().id())).toList(), false);
        double[] scores = DescendingScores.of(hits);
        List<Document> ordered = new ArrayList<>();
        for (Hit hit : hits) {
            Candidate candidate = Objects.requireNonNull(byPassage.get(hit.passage().id()));
            ordered.add(candidate.after(result, scores[ordered.size()], Optional.of(hit), ordered.size() + 1));
        }
        Set<String> read = new HashSet<>();
        candidates.ranking().top(depth).forEach(hit -> read.add(hit.passage().id()));
        for (Candidate candidate : candidates.all()) {
            boolean behind = minScore.least().isEmpty() && !read.contains(candidate.passageId());
            if (behind || !candidate.document().isText()) {
                ordered.add(candidate.after(result, null, Optional.empty(), 0));
            }
        }
        return ordered;
    }

    /** Ends what runs and refuses further documents; a second call does nothing. The model is not closed. */
    @Override
    public void close() {
        pipeline.close();
    }

    /** Puts a post-processor together; not safe for use by several threads. */
    public static final class Builder {

        private Optional<Reranker> reranker = Optional.empty();
        private int depth = SearchRequest.DEFAULT_DEPTH;
        private int limit = Integer.MAX_VALUE;
        private MinScore minScore = MinScore.NONE;
        private Duration timeout = SearchRequest.DEFAULT_TIMEOUT;
        private Function<Document, String> text = document -> Objects.requireNonNullElse(document.getText(), "");
        private SearchListener listener = SearchListener.NONE;
        private Observed observed = Observed.NOT;

        private Builder() {
        }

        /**
         * Orders by a model's scores alone.
         *
         * @param scorer closing it remains the caller's affair
         * @return this
         */
        public Builder scorer(Scorer scorer) {
            return reranker(Reranker.of(scorer));
        }

        /**
         * Orders as a reranker does: weighing the model's scores against the first stage's, for instance, with
         * {@link #FIRST_STAGE} as its name.
         *
         * @param reranker sees each document as a passage of its id
         * @return this
         */
        public Builder reranker(Reranker reranker) {
            this.reranker = Optional.of(reranker);
            return this;
        }

        /**
         * How many documents are reranked.
         *
         * @param depth at least 1; 50 if not said
         * @return this
         * @throws IllegalArgumentException if {@code depth < 1}
         */
        public Builder depth(int depth) {
            this.depth = Settings.atLeastOne("depth", depth);
            return this;
        }

        /**
         * How many documents are returned.
         *
         * @param limit at least 1; all, if not said
         * @return this
         * @throws IllegalArgumentException if {@code limit < 1}
         */
        public Builder limit(int limit) {
            this.limit = Settings.atLeastOne("limit", limit);
            return this;
        }

        /**
         * Leaves out what does not answer the query: documents of a lower probability (of an uncalibrated model: score),
         * and those behind the depth. Media stay, and if the model failed or was late, everything does.
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
         * How long {@link #process} waits for the model.
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
         * What the model reads of a document. Title and headings stand before it in any case, where the metadata has
         * them under the keys of {@link RerankMetadata}.
         *
         * @param text gives it; the document's text if not said. A title under another key helps, too:
         *        {@code d -> d.getMetadata().get("title") + " " + d.getText()}
         * @return this
         */
        public Builder text(Function<Document, String> text) {
            this.text = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * Hears of every reranking.
         *
         * @param listener only the last one given counts
         * @return this
         */
        public Builder listener(SearchListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Observes every reranking.
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
         * The post-processor as said so far.
         *
         * @return to be closed when it is not needed any more
         * @throws IllegalStateException if there is neither a scorer nor a reranker
         */
        public RerankingDocumentPostProcessor build() {
            return new RerankingDocumentPostProcessor(this, reranker.orElseThrow(
                    () -> new IllegalStateException("a post-processor needs a scorer or a reranker")));
        }
    }
}
