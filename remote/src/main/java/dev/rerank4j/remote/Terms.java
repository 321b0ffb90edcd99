package dev.rerank4j.remote;

import java.net.URI;

/**
 * What there is to know of an API before it is called; see the methods of {@link RerankApi}.
 *
 * @param model empty where the server knows which it has
 */
record Terms(String id, URI address, String keyVariable, String model, RerankLimits limits, BilledUnit billed) {
}
