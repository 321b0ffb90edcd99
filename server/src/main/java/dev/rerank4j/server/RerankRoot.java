package dev.rerank4j.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;

/** {@code POST /rerank}: three APIs have that address, and their requests can be told from each other. */
final class RerankRoot implements Action {

    private static final HeaderName PINECONE = HeaderNames.create("X-Pinecone-Api-Version");

    private final Action tei;
    private final Action pinecone;
    private final Action infinity;

    RerankRoot(Scoring scoring) {
        tei = new Tei(scoring);
        pinecone = new Pinecone(scoring);
        infinity = new Infinity(scoring);
    }

    @Override
    public Reply answer(Exchange exchange) {
        return action(exchange).answer(exchange);
    }

    private Action action(Exchange exchange) {
        if (exchange.body().has("texts")) {
            return tei;
        }
        return exchange.request().headers().contains(PINECONE) ? pinecone : infinity;
    }

    @Override
    public ErrorDialect errors(Exchange exchange) {
        return action(exchange).errors(exchange);
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return headers.contains(PINECONE) ? ErrorDialect.PINECONE : ErrorDialect.UNREAD;
    }
}
