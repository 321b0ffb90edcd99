package dev.rerank4j.server;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** {@code /health/live}, {@code /health/ready}, and TEI's and Infinity's {@code /health}, which is the second. */
record Health(BooleanSupplier healthy, String what) implements Action {

    record Status(String status, double unix) {
    }

    static Health live() {
        return new Health(() -> true, "live");
    }

    /** Ready once all models gave their known scores, until the server is told to stop. */
    static Health ready(CompletableFuture<Catalogue> catalogue, BooleanSupplier stopping) {
        return new Health(() -> catalogue.isDone() && !catalogue.isCompletedExceptionally()
                && !stopping.getAsBoolean(), "ready");
    }

    @Override
    public Reply answer(Exchange exchange) {
        boolean yes = healthy.getAsBoolean();
        return Reply.json(yes ? 200 : 503, yes ? Map.of() : Map.of("Retry-After", "1"),
                new Status(yes ? what : "not " + what, System.currentTimeMillis() / 1000.0));
    }
}
