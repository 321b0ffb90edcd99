package dev.rerank4j.remote;

/** What a service is paid by. */
public enum BilledUnit {
    /** Nothing is billed per call: a server of one's own. */
    NONE,
    /** Cohere's: a query with up to 100 documents. */
    SEARCH_UNIT,
    /** A token read; the query counts once for each text. */
    TOKEN,
    /** Pinecone's: a request, whatever is in it. */
    RERANK_UNIT
}
