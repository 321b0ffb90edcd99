package dev.rerank4j;

/** A first stage: finds candidates for a query among many passages. Safe for use by several threads. */
public interface Retriever {

    /** {@return the stage's name in evidence and reports, such as {@code bm25}; unique within a pipeline} */
    String name();

    /**
     * The best passages for the query, made under this retriever's {@link #name()}.
     *
     * @param query its filter is applied here: every hit satisfies it
     * @param limit at most so many hits; at least 1
     * @param deadline when nobody waits any more; a retriever that cannot stop may ignore it, the pipeline does not
     * @return possibly empty
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if the index or service cannot answer; the retriever remains usable
     */
    Ranking retrieve(Query query, int limit, Deadline deadline);
}
