package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.remote.RemoteOptions;
import dev.rerank4j.remote.RemoteScorer;
import dev.rerank4j.remote.RerankApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What searches are answered when a rerank API dies half way, in several ways: 200 searches with a timeout of two seconds,
 * 50 candidates each, one after another; from the hundredth on the API is dead. Nothing is lost if every search has all
 * its candidates, and it is in time if none takes longer than its timeout and what threads need to be woken.
 */
final class DyingProvider {

    private static final int SEARCHES = 200;
    private static final int CANDIDATES = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** How it dies. */
    private enum Death {
        /** Every call is answered with status 503. */
        STATUS_503 {
            @Override
            void answer(HttpExchange exchange, byte[] answer, CountDownLatch end) throws IOException {
                exchange.sendResponseHeaders(503, -1);
            }
        },
        /** Connections are closed without a word. */
        CLOSED {
            @Override
            void answer(HttpExchange exchange, byte[] answer, CountDownLatch end) {
                exchange.close();
            }
        },
        /** An answer ends in the middle. */
        CUT {
            @Override
            void answer(HttpExchange exchange, byte[] answer, CountDownLatch end) throws IOException {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer, 0, answer.length / 2);
                exchange.getResponseBody().flush();
            }
        },
        /** No call is answered any more. */
        SILENT {
            @Override
            void answer(HttpExchange exchange, byte[] answer, CountDownLatch end) throws InterruptedException {
                end.await();
            }
        };

        abstract void answer(HttpExchange exchange, byte[] answer, CountDownLatch end)
                throws IOException, InterruptedException;
    }

    private DyingProvider() {
    }

    public static void main(String[] args) throws Exception {
        System.out.printf("%-12s %9s %9s %9s %11s %9s %9s%n", "death", "answered", "complete", "degraded",
                "dead calls", "p50 ms", "max ms");
        for (Death death : Death.values()) {
            run(death);
        }
    }

    private static void run(Death death) throws IOException {
        byte[] answer = answer();
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getRequestBody().readAllBytes();
                    if (calls.incrementAndGet() > SEARCHES / 2) {
                        death.answer(exchange, answer, end);
                    } else {
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            try (RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "", RemoteOptions.at(address));
                    SearchPipeline pipeline = SearchPipeline.builder().retriever(new Fixed())
                            .reranker(Reranker.of(scorer)).build()) {
                search(death, pipeline, calls);
            } finally {
                end.countDown();
                server.stop(0);
            }
        }
    }

    private static void search(Death death, SearchPipeline pipeline, AtomicInteger calls) {
        int answered = 0;
        int complete = 0;
        int degraded = 0;
        List<Double> dead = new ArrayList<>();
        for (int i = 0; i < SEARCHES; i++) {
            long start = System.nanoTime();
            try {
                SearchResult result = pipeline.search(new SearchRequest(Query.of("query " + i),
                        SearchRequest.Unit.PASSAGE, CANDIDATES, CANDIDATES, TIMEOUT));
                answered++;
                complete += result.ranking().size() == CANDIDATES ? 1 : 0;
                degraded += result.degraded() ? 1 : 0;
            } catch (RerankException e) {
                System.out.println("not answered: " + e.getMessage());
            }
            if (i >= SEARCHES / 2) {
                dead.add((System.nanoTime() - start) / 1e6);
            }
        }
        double[] millis = dead.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf("%-12s %9d %9d %9d %11d %9.1f %9.1f%n", death.name().toLowerCase(Locale.ROOT), answered,
                complete, degraded,
                calls.get() - SEARCHES / 2, millis[millis.length / 2],
                millis[millis.length - 1]);
    }

    private static byte[] answer() {
        JsonObject answer = new JsonObject();
        JsonArray results = new JsonArray();
        for (int i = 0; i < CANDIDATES; i++) {
            JsonObject result = new JsonObject();
            result.addProperty("index", i);
            result.addProperty("relevance_score", i / 100.0);
            results.add(result);
        }
        answer.add("results", results);
        return new Gson().toJson(answer).getBytes(StandardCharsets.UTF_8);
    }

    /** Finds the same for every query. */
    private record Fixed() implements Retriever {

        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public Ranking retrieve(Query query, int limit, Deadline deadline) {
            Ranking.Builder ranking = Ranking.builder(name());
            for (int i = 0; i < Math.min(limit, CANDIDATES); i++) {
                ranking.add(Passage.of("passage-" + i, "a text of some words, number " + i), CANDIDATES - i);
            }
            return ranking.build();
        }
    }
}
