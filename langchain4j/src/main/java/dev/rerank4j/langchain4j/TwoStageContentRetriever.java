package dev.rerank4j.langchain4j;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.rerank4j.Evidence;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A whole {@link SearchPipeline} as LangChain4j's {@link ContentRetriever}: retrievers, fusion and reranking behind the
 * interface that their assistants ask.
 *
 * <p><b>Contents</b> are {@link EvidenceContent}s. {@code SCORE} is the score of the first stage, {@code RERANKED_SCORE}
 * that of the reranker if it answered (the probability, if the hit has one), {@code EMBEDDING_ID} the passage's id. The
 * segment's text is the passage's; of a passage without text its title and headings; without those it is left out, for
 * segments are never blank.
 *
 * <p><b>Metadata</b> of the segment is the passage's, and where it lies, under the names of the constants below; a field
 * of the passage's own with such a name counts instead. Their metadata knows text, UUIDs and numbers, so: a whole number
 * within ±2<sup>53</sup> is a {@code long}, another one a {@code double}; a flag is the text {@code true} or {@code
 * false}; a moment is its ISO-8601 text, {@code 2026-01-31T12:00:00Z}; several values are one text, joined by a comma and
 * a blank, no value at all is left out. {@link EvidenceContent#hit()} has them unchanged.
 *
 * <p><b>Filters</b> of LangChain4j become part of the query and are applied in the first stage. Their classes are all
 * understood: {@code IsEqualTo}, {@code IsNotEqualTo}, {@code IsGreaterThan}, {@code IsGreaterThanOrEqualTo}, {@code
 * IsLessThan}, {@code IsLessThanOrEqualTo}, {@code IsIn}, {@code IsNotIn}, {@code ContainsString}, {@code And}, {@code
 * Or}, {@code Not}. They may compare with texts, UUIDs, booleans, {@link java.time.Instant instants} and numbers that a
 * double holds exactly; with an order, with numbers and instants alone. A field that is missing satisfies the three
 * negative ones, as with them; one of another type satisfies them too, where LangChain4j's own {@code test} throws. Any
 * other class or value, and nesting deeper than 100 (a chain of one operator counts once), is refused with an {@link
 * IllegalArgumentException} that names it.
 *
 * <p>Immutable, safe for use by several threads, virtual ones included.
 */
public final class TwoStageContentRetriever implements ContentRetriever {

    /** Metadata key of the passage's id, a text. */
    public static final String PASSAGE_ID = "passage_id";

    /** Metadata key of the id of the passage's document, a text. */
    public static final String DOCUMENT_ID = "document_id";

    /** Metadata key of the document's title, a text; missing if it has none. */
    public static final String TITLE = "title";

    /** Metadata key of the file the document was read from, LangChain4j's own; missing if it came from none. */
    public static final String FILE = Document.FILE_NAME;

    /** Metadata key of the page, an {@code int} from 1; missing where there are none. */
    public static final String PAGE = "page";

    /** Metadata key of the headings above the passage, outermost first, joined by {@code " > "}; missing if none. */
    public static final String HEADINGS = "headings";

    /** Metadata key of where the passage starts in its document's text, an {@code int}; missing if not known. */
    public static final String START = "start";

    /** Metadata key of where the passage ends in its document's text, exclusive, an {@code int}; missing if not known. */
    public static final String END = "end";

    private final SearchPipeline pipeline;
    private final SearchRequest.Unit unit;
    private final int limit;
    private final int depth;
    private final Duration timeout;
    private final Function<Query, dev.rerank4j.Filter> filter;

    private TwoStageContentRetriever(Builder builder, SearchPipeline pipeline, int depth) {
        this.pipeline = pipeline;
        this.depth = depth;
        unit = builder.unit;
        limit = builder.limit;
        timeout = builder.timeout;
        filter = builder.filter;
    }

    /**
     * Ten passages of the best fifty candidates, within thirty seconds, without filter.
     *
     * @param pipeline remains its maker's to close
     * @return a retriever that asks the pipeline
     */
    public static TwoStageContentRetriever of(SearchPipeline pipeline) {
        return builder().pipeline(pipeline).build();
    }

    /**
     * Starts a retriever; a pipeline must be given.
     *
     * @return a builder with the defaults of {@link #of}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Searches.
     *
     * @param query of blanks alone, nothing is found
     * @return best first, possibly none; the list is the caller's
     * @throws RerankException if no retriever of the pipeline answered; {@code UNAVAILABLE} if the thread was interrupted,
     *         which it still is then. A stage that fails beside others that answer is no exception, see {@link
     *         EvidenceContent#degraded()}.
     * @throws IllegalArgumentException if a filter cannot be translated
     * @throws IllegalStateException if the pipeline is closed
     */
    @Override
    public List<Content> retrieve(Query query) {
        if (query.text().isBlank()) {
            return new ArrayList<>();
        }
        SearchResult result = pipeline.search(new SearchRequest(
                new dev.rerank4j.Query(query.text(), filter.apply(query)), unit, limit, depth, timeout));
        boolean reranked = isReranked(result);
        boolean degraded = result.degraded();
        List<Content> contents = new ArrayList<>(result.ranking().size());
        for (Hit hit : result.ranking()) {
            content(hit, reranked && hit.evidence().size() > 1, degraded).ifPresent(contents::add);
        }
        return contents;
    }

    /** Whether the last stage that answered is a reranker: then there is one before it. */
    private static boolean isReranked(SearchResult result) {
        String stage = result.ranking().stage();
        return !stage.equals(Fusion.NAME) && result.stages().size() > 1
                && result.stages().getLast() instanceof StageReport.Completed last && last.stage().equals(stage);
    }

    private static Optional<Content> content(Hit hit, boolean reranked, boolean degraded) {
        Evidence first = reranked ? beforeLast(hit) : hit.evidence().getLast();
        Map<ContentMetadata, Object> metadata = new EnumMap<>(ContentMetadata.class);
        metadata.put(ContentMetadata.SCORE, first.score());
        metadata.put(ContentMetadata.EMBEDDING_ID, hit.passage().id());
        OptionalDouble score = !reranked
                ? OptionalDouble.empty()
                : hit.probability().isPresent() ? hit.probability() : OptionalDouble.of(hit.score());
        return Segments.segment(hit.passage())
                .map(segment -> EvidenceContent.of(segment, metadata, score, hit, degraded));
    }

    private static Evidence beforeLast(Hit hit) {
        return hit.evidence(Fusion.NAME).orElseGet(() -> hit.evidence().getFirst());
    }

    /** Puts a retriever together; not safe for use by several threads. */
    public static final class Builder {

        private Optional<SearchPipeline> pipeline = Optional.empty();
        private SearchRequest.Unit unit = SearchRequest.Unit.PASSAGE;
        private int limit = SearchRequest.DEFAULT_LIMIT;
        private Optional<Integer> depth = Optional.empty();
        private Duration timeout = SearchRequest.DEFAULT_TIMEOUT;
        private Function<Query, dev.rerank4j.Filter> filter = query -> dev.rerank4j.Filter.NONE;

        private Builder() {
        }

        /**
         * What searches.
         *
         * @param pipeline remains its maker's to close
         * @return this
         */
        public Builder pipeline(SearchPipeline pipeline) {
            this.pipeline = Optional.of(pipeline);
            return this;
        }

        /**
         * How many contents are wanted; ten if not said.
         *
         * @param limit at least 1
         * @return this
         */
        public Builder limit(int limit) {
            this.limit = limit;
            return this;
        }

        /**
         * How many candidates are retrieved and reranked; fifty if not said, or {@code limit} if that is more.
         *
         * @param depth at least {@code limit}
         * @return this
         */
        public Builder depth(int depth) {
            this.depth = Optional.of(depth);
            return this;
        }

        /**
         * How long a search may take; thirty seconds if not said.
         *
         * @param timeout longer than zero
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Whether contents are passages or the best passage of each document; passages if not said.
         *
         * @param unit what a content is
         * @return this
         */
        public Builder unit(SearchRequest.Unit unit) {
            this.unit = Objects.requireNonNull(unit, "unit");
            return this;
        }

        /**
         * What every content must satisfy; of this and {@link #dynamicFilter} the last one given counts.
         *
         * @param filter of LangChain4j's own classes
         * @return this
         * @throws IllegalArgumentException if it cannot be translated
         */
        public Builder filter(Filter filter) {
            dev.rerank4j.Filter ours = Filters.ours(Objects.requireNonNull(filter, "filter"));
            this.filter = query -> ours;
            return this;
        }

        /**
         * What every content must satisfy, by the query: of its {@code metadata()}, say, the user who asks.
         *
         * @param dynamicFilter asked by each call; may give null for none
         * @return this
         */
        public Builder dynamicFilter(Function<Query, @Nullable Filter> dynamicFilter) {
            Objects.requireNonNull(dynamicFilter, "dynamicFilter");
            this.filter = query -> Filters.ours(dynamicFilter.apply(query));
            return this;
        }

        /**
         * Makes the retriever.
         *
         * @return a retriever that asks the pipeline
         * @throws IllegalStateException if there is no pipeline
         * @throws IllegalArgumentException if {@code limit < 1}, {@code depth < limit} or {@code timeout <= 0}
         */
        public TwoStageContentRetriever build() {
            int deep = depth.orElse(Math.max(limit, SearchRequest.DEFAULT_DEPTH));
            new SearchRequest(dev.rerank4j.Query.of("?"), unit, limit, deep, timeout); // complains in its own words
            return new TwoStageContentRetriever(this, pipeline
                    .orElseThrow(() -> new IllegalStateException("a content retriever needs a search pipeline")), deep);
        }
    }
}
