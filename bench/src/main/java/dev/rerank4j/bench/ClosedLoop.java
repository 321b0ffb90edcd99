package dev.rerank4j.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Some clients, of which each sends its next request when the last is answered. Several contestants answer the same
 * requests in turn, a few at a time, so that a machine that drifts drifts for all of them.
 */
final class ClosedLoop {

    /** Answers requests of one client, by their number, one after another. */
    interface Client extends AutoCloseable {
        void answer(int request) throws Exception;

        @Override
        default void close() throws IOException {
        }
    }

    /** Opens a client. */
    @FunctionalInterface
    interface Contestant {
        Client open() throws Exception;
    }

    /**
     * What was measured of a contestant.
     *
     * @param millis of each request, in the order of the requests, so that those of two contestants can be compared
     * @param seconds of each round, all clients together
     */
    record Measured(double[] millis, double[] seconds) {

        double percentile(int percent) {
            return Rounds.percentile(millis, percent);
        }
    }

    private final int clients;
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    ClosedLoop(int clients) {
        this.clients = clients;
    }

    ClosedLoop add(String name, Contestant contestant) {
        contestants.put(name, contestant);
        return this;
    }

    /** Sends prepared requests over a connection for each client, and takes nothing but 200 for an answer. */
    static Contestant http(int port, List<byte[]> requests) {
        return () -> {
            Connection connection = new Connection(port);
            return new Client() {
                @Override
                public void answer(int request) throws Exception {
                    Connection.Answer answer = connection.send(requests.get(request));
                    if (answer.status() != 200) {
                        throw new IllegalStateException("status " + answer.status() + ": " + answer.text());
                    }
                }

                @Override
                public void close() throws IOException {
                    connection.close();
                }
            };
        };
    }

    /**
     * Requests {@code 0} to {@code rounds * each - 1}, {@code each} a round; the requests of the first {@code warmup} rounds
     * are answered once before, and not counted.
     */
    Map<String, Measured> run(int warmup, int rounds, int each) throws Exception {
        Map<String, Measured> measured = new LinkedHashMap<>();
        contestants.keySet().forEach(name -> measured.put(name,
                new Measured(new double[rounds * each], new double[rounds])));
        List<String> names = new ArrayList<>(contestants.keySet());
        Map<String, List<Client>> open = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            try {
                for (String name : names) {
                    List<Client> some = new ArrayList<>();
                    open.put(name, some);
                    for (int i = 0; i < clients; i++) {
                        some.add(contestants.get(name).open());
                    }
                }
                for (int round = -warmup; round < rounds; round++) {
                    for (int i = 0; i < names.size(); i++) {
                        // None of them always follows the same other one.
                        String name = names.get(Math.floorMod(round + i, names.size()));
                        if (round < 0) {
                            round(threads, open.get(name), (round + warmup) % rounds * each, each,
                                    new double[rounds * each]);
                        } else {
                            measured.get(name).seconds()[round] = round(threads, open.get(name), round * each, each,
                                    measured.get(name).millis());
                        }
                    }
                }
            } finally {
                for (Client client : open.values().stream().flatMap(Collection::stream).toList()) {
                    client.close();
                }
            }
        }
        return measured;
    }

    private double round(ExecutorService threads, List<Client> some, int from, int count, double[] millis)
            throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        List<Callable<Void>> loops = new ArrayList<>();
        for (Client client : some) {
            loops.add(() -> {
                for (int i = next.getAndIncrement(); i < from + count; i = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    client.answer(i);
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> loop : threads.invokeAll(loops)) {
            loop.get();
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
