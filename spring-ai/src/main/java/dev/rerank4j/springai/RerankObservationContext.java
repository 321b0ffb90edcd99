package dev.rerank4j.springai;

import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import io.micrometer.observation.Observation;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an observation of a search or a reranking knows: handlers and conventions read it. The request and the result
 * hold users' texts, which the {@linkplain DefaultRerankObservationConvention default convention} keeps to itself.
 */
public class RerankObservationContext extends Observation.Context {

    /** What is observed. */
    public enum Operation {
        /** The second stage alone, of documents that others have found. */
        RERANK("rerank", "document_post_processor"),
        /** A whole search. */
        SEARCH("search", "document_retriever");

        private final String value;
        private final String kind;

        Operation(String value, String kind) {
            this.value = value;
            this.kind = kind;
        }

        /**
         * Its name in key values.
         *
         * @return lower case
         */
        public String value() {
            return value;
        }

        /**
         * What Spring AI would call the component.
         *
         * @return the value of {@code spring.ai.kind}
         */
        public String kind() {
            return kind;
        }
    }

    private final Operation operation;
    private final SearchRequest request;
    private final OptionalInt candidates;
    private Optional<SearchResult> result = Optional.empty();

    /**
     * For one operation.
     *
     * @param operation what is observed
     * @param request what is asked
     * @param candidates how many documents there are to rerank; empty for a search, which finds them itself
     */
    public RerankObservationContext(Operation operation, SearchRequest request, OptionalInt candidates) {
        this.operation = Objects.requireNonNull(operation, "operation");
        this.request = Objects.requireNonNull(request, "request");
        this.candidates = Objects.requireNonNull(candidates, "candidates");
    }

    /**
     * What is observed.
     *
     * @return search or rerank
     */
    public Operation getOperation() {
        return operation;
    }

    /**
     * What is asked.
     *
     * @return with the text of the query
     */
    public SearchRequest getRequest() {
        return request;
    }

    /**
     * How many documents there are to rerank.
     *
     * @return empty for a search
     */
    public OptionalInt getCandidates() {
        return candidates;
    }

    /**
     * The answer.
     *
     * @return empty as long as there is none, and if the operation failed as a whole
     */
    public Optional<SearchResult> getResult() {
        return result;
    }

    /**
     * Notes the answer.
     *
     * @param result with the texts of documents
     */
    public void setResult(SearchResult result) {
        this.result = Optional.of(result);
    }
}
