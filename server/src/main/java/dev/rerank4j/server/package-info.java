/**
 * One HTTP server that speaks the known rerank APIs on one port, to unmodified clients, with an API of its own and a
 * page to see it work. It is handed models and indexes and knows no engine:
 *
 * <pre>{@code
 * CompletableFuture<Catalogue> catalogue = CompletableFuture.supplyAsync(() -> new Catalogue(
 *         List.of(new ServedModel("my-model", scorer, 512, passage -> List.of(passage), ServedModel.Load.UNKNOWN)),
 *         Optional.empty(), List.of()));
 * try (RerankServer server = RerankServer.start(ServerOptions.defaults().withPort(8080), catalogue, List.of(),
 *         AccessLog.NONE)) {
 *     server.awaitReady();
 * }
 * }</pre>
 *
 * <p>{@code docs/dialects.md} says of each dialect what is exact, what approximated, what refused; {@code
 * docs/server.md} how to run it.
 */
@NullMarked
package dev.rerank4j.server;

import org.jspecify.annotations.NullMarked;
