package dev.rerank4j;

/**
 * The seam for logs and metrics: hears of every search that ended. Called on the searching thread, after the answer is
 * complete; what it throws reaches the caller of the search, so it should not.
 */
@FunctionalInterface
public interface SearchListener {

    /** Hears nothing. */
    SearchListener NONE = (request, result) -> {
    };

    /**
     * A search was answered, perhaps degraded. Queries and hits hold users' texts: keep them out of logs and labels.
     *
     * @param request what was wanted
     * @param result what the caller is about to receive
     */
    void onResult(SearchRequest request, SearchResult result);

    /**
     * A search failed as a whole: no retriever answered, or the searching thread was interrupted.
     *
     * @param request what was wanted
     * @param failure what the caller is about to have thrown at it
     */
    default void onFailure(SearchRequest request, RerankException failure) {
    }
}
