package dev.rerank4j.server;

import dev.rerank4j.Document;
import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An index that is served: searched by a pipeline, and written to. Whoever made it knows the engine and closes it. Safe
 * for use by several threads.
 */
public interface ServedIndex {

    /** Which retrievers make the first stage. */
    enum Retrieval {
        /** Words and vectors, fused. */
        HYBRID,
        /** Words alone. */
        BM25,
        /** Vectors alone. */
        VECTOR
    }

    /**
     * What a search may ask for besides its {@link SearchRequest}.
     *
     * @param retrieval empty for the configured first stage
     * @param rerank whether there is a second stage, if the index has one
     * @param minProbability of a hit, 0 to 1; empty for whatever is found
     */
    record Wish(Optional<Retrieval> retrieval, boolean rerank, OptionalDouble minProbability) {

        /** As configured. */
        public static final Wish NONE = new Wish(Optional.empty(), true, OptionalDouble.empty());

        /**
         * Checks the range of the probability.
         *
         * @throws IllegalArgumentException if {@code minProbability} is not within 0 to 1
         */
        public Wish {
            Objects.requireNonNull(retrieval, "retrieval");
            if (minProbability.isPresent()
                    && !(minProbability.getAsDouble() >= 0 && minProbability.getAsDouble() <= 1)) {
                throw new IllegalArgumentException(
                        "min_probability must be within 0 to 1, got " + minProbability.getAsDouble());
            }
        }
    }

    /**
     * What was found.
     *
     * @param result the answer
     * @param firstStage what the first stage alone would have answered: of the request's unit, at most its limit; empty
     *        if there was no second stage
     */
    record Found(SearchResult result, Optional<Ranking> firstStage) {
        /** Holds the components as they are. */
        public Found {
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(firstStage, "firstStage");
        }
    }

    /** {@return what clients call it} */
    String name();

    /** {@return the language its words are analysed in: a code such as {@code en}; empty for none in particular} */
    String language();

    /** {@return how many candidates a search retrieves and reranks where it does not say} At least 1. */
    default int depth() {
        return SearchRequest.DEFAULT_DEPTH;
    }

    /** {@return number of committed documents} */
    int documents();

    /**
     * {@return number of committed passages that pass a filter}
     *
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException of kind {@code INVALID_REQUEST} if the filter is too long
     */
    int passages(Filter filter);

    /**
     * Searches.
     *
     * @param request what is wanted, and how long the client waits
     * @param wish how the request wants it; {@link Wish#NONE} as configured
     * @return the answer, with that of the first stage alone
     * @throws RerankException as a pipeline; of kind {@code INVALID_REQUEST} if a wish cannot be fulfilled
     */
    Found search(SearchRequest request, Wish wish);

    /**
     * Reads a condition as people type it, such as {@code price<100}.
     *
     * @param text as somebody typed it
     * @return the condition, which may be combined with others
     * @throws IllegalArgumentException if it cannot be read, or names a field that the index does not have
     */
    Filter condition(String text);

    /** {@return the write side, which stays open as long as this is served} */
    Index index();

    /**
     * {@return the passages that {@link Index#add} takes for a document; never none}
     *
     * @param document of any length
     */
    List<Passage> passages(Document document);
}
