package dev.rerank4j.server;

import io.helidon.http.ServerRequestHeaders;

/** What a route does: decode, call, encode. */
interface Action {

    /**
     * @throws Refusal if it cannot be answered
     */
    Reply answer(Exchange exchange);

    /** Whether the work may be broken off when the client goes away. */
    default boolean interruptible() {
        return true;
    }

    /** In which words a request is refused that was not even read. */
    default ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.NATIVE;
    }

    /** In which words this one is refused. */
    default ErrorDialect errors(Exchange exchange) {
        return errors(exchange.request().headers());
    }
}
