package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import java.util.List;

/** A way to have a language model order hits. Safe for use by several threads. */
interface Ordering {

    /** The name of the prompt with its version. */
    String prompt();

    /**
     * All hits in a new order.
     *
     * @param hits at least two, best first
     * @param limit how many of the best are wanted; at least 1
     * @throws RerankException if the best are not found: an order in which they have not been looked for is none
     */
    List<Hit> order(String query, List<Hit> hits, int limit, Deadline deadline);
}
