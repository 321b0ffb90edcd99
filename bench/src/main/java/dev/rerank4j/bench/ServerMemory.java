package dev.rerank4j.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Does the memory of {@code rerank serve} stay bounded with a heap of 512 MiB? The resident set after the start, during
 * mixed requests of eight clients, and after floods of 64 clients at once with 1,000 documents each, short ones and
 * long ones. Argument, optional: seconds of mixed requests (120). Linux
 * only: reads /proc.
 */
final class ServerMemory {

    private static final int CLIENTS = 64;
    private static final int DOCUMENTS = 1000;

    private ServerMemory() {
    }

    public static void main(String[] args) throws Exception {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 120;
        ExampleRequests examples = new ExampleRequests();
        try (ServerProcess server = ServerProcess.rerank("-Xmx512m", "")) {
            System.out.printf("after the start: %d MiB%n", server.residentSet() >> 10);
            mixed(server, examples, seconds);
            List<ExampleRequests.Work> work = examples.make(CLIENTS, DOCUMENTS, 2);
            flood("documents of 60 to 1,200 characters", server,
                    work.stream().map(w -> Connection.post("/v1/rerank", w.v1())).toList());
            flood("documents of 4,000 characters", server, work.stream()
                    .map(w -> new ExampleRequests.Work(w.query(), w.documents().stream()
                            .map(text -> text.repeat(4000 / text.length() + 1).substring(0, 4000)).toList()))
                    .map(w -> Connection.post("/v1/rerank", w.v1())).toList());
            System.out.println("the server is alive: " + server.isAlive());
            String output = server.output();
            System.out.printf("its output speaks of memory %d times, of unexpected failures %d times%n",
                    output.split("OutOfMemory", -1).length - 1, output.split("unexpectedly", -1).length - 1);
        }
    }

    private static void mixed(ServerProcess server, ExampleRequests examples, long seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Long> resident = new ArrayList<>();
        List<Callable<Map<String, Long>>> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
            Random random = new Random(client);
            clients.add(() -> {
                Map<String, Long> statuses = new TreeMap<>();
                try (Connection connection = new Connection(server.port())) {
                    while (System.nanoTime() < end) {
                        int documents = (int) Math.pow(100, random.nextDouble());
                        ExampleRequests.Work work = examples.make(1, documents, random.nextLong()).getFirst();
                        byte[] request = switch (random.nextInt(4)) {
                            case 0 -> Connection.post("/v2/rerank", work.v1());
                            case 1 -> Connection.post("/rerank", work.tei());
                            case 2 -> Connection.post("/api/rerank", work.v1());
                            default -> Connection.post("/v1/rerank", work.v1());
                        };
                        statuses.merge(String.valueOf(connection.send(request).status()), 1L, Long::sum);
                    }
                }
                return statuses;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size() + 1)) {
            Future<?> sampler = threads.submit(() -> {
                while (System.nanoTime() < end) {
                    Thread.sleep(5_000);
                    resident.add(server.residentSet() >> 10);
                }
                return null;
            });
            System.out.printf("mixed requests for %d s, by status: %s%n", seconds,
                    together(threads.invokeAll(clients)));
            sampler.get();
        }
        System.out.println("resident set each 5 s, MiB: "
                + resident.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    private static void flood(String name, ServerProcess server, List<byte[]> requests) throws Exception {
        CyclicBarrier all = new CyclicBarrier(requests.size());
        List<Callable<Map<String, Long>>> clients = new ArrayList<>();
        for (byte[] request : requests) {
            clients.add(() -> {
                try (Connection connection = new Connection(server.port())) {
                    all.await();
                    return Map.of(String.valueOf(connection.send(request).status()), 1L);
                } catch (IOException e) {
                    return Map.of(String.valueOf(e.getMessage()), 1L);
                }
            });
        }
        long start = System.nanoTime();
        Map<String, Long> statuses;
        double slowest;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size() + 1)) {
            AtomicBoolean over = new AtomicBoolean();
            Future<Double> probe = threads.submit(() -> slowestSignOfLife(server, over));
            statuses = together(threads.invokeAll(clients));
            over.set(true);
            slowest = probe.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Connection.Answer after;
        try (Connection connection = new Connection(server.port())) {
            after = connection.send(Connection.post("/v1/rerank", "{\"query\": \"a\", \"documents\": [\"b\"]}"));
        }
        System.out.printf("%d clients at once with %d %s, %d MiB together: by status %s after %.1f s; "
                + "/health/live meanwhile within %.0f ms; then a small request: %d; resident set %d MiB%n",
                requests.size(), DOCUMENTS, name,
                requests.stream().mapToLong(request -> request.length).sum() >> 20, statuses, seconds, slowest,
                after.status(),
                server.residentSet() >> 10);
    }

    private static double slowestSignOfLife(ServerProcess server, AtomicBoolean over) throws Exception {
        double slowest = 0;
        try (Connection connection = new Connection(server.port())) {
            while (!over.get()) {
                long start = System.nanoTime();
                connection.send(Connection.get("/health/live"));
                slowest = Math.max(slowest, (System.nanoTime() - start) / 1e6);
                Thread.sleep(50);
            }
        }
        return slowest;
    }

    private static Map<String, Long> together(List<Future<Map<String, Long>>> parts) throws Exception {
        Map<String, Long> sums = new TreeMap<>();
        for (Future<Map<String, Long>> part : parts) {
            part.get().forEach((status, count) -> sums.merge(status, count, Long::sum));
        }
        return sums;
    }
}
