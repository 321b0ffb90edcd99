package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * {@code rerank serve} under more than it can do: requests of 20 documents that come when they come (Poisson), at a half,
 * once and twice the rate that four clients in a closed loop get, each good for two seconds. Latency counts from when a
 * request was meant to be sent, so that one that is late for the sake of others is late. The queue holds a second's work;
 * at twice the rate also as it comes, where it holds half a minute's. Argument, optional: seconds of each (20).
 */
final class ServerLoad {

    private static final int DOCUMENTS = 20;
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private ServerLoad() {
    }

    /** One request; the status is 0 if there was no answer at all. */
    private record Sample(int status, double millis) {

        boolean inTime() {
            return status == 200 && millis <= DEADLINE.toMillis();
        }
    }

    public static void main(String[] args) throws Exception {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 20;
        List<ExampleRequests.Work> work = new ExampleRequests().make(160, DOCUMENTS, 1);
        List<byte[]> patient = work.stream().map(w -> Connection.post("/v1/rerank", w.v1())).toList();
        List<byte[]> requests = work.stream()
                .map(w -> Connection.post("/v1/rerank", w.v1(), "X-Request-Timeout-Ms: " + DEADLINE.toMillis()))
                .toList();
        try (ServerProcess usual = ServerProcess.rerank("", "")) {
            double rate = sustainable(usual, patient);
            int second = (int) (rate * tokens(usual, patient.subList(0, 20)));
            System.out.printf("closed loop, 4 clients: %.1f requests of %d documents a second, which is %d tokens%n",
                    rate, DOCUMENTS, second);
            System.out.printf("%-22s %8s %9s %9s %7s %6s %6s %6s %9s %9s %13s%n", "offered", "a second", "requests",
                    "in time", "a sec.", "late", "429", "504", "p50 ms", "p99 ms", "p99 ms of 429");
            try (ServerProcess bounded = ServerProcess.rerank("", "queue-tokens: " + second)) {
                sustainable(bounded, patient); // warms it up
                for (double factor : new double[]{0.5, 1, 2}) {
                    offer("x " + factor, bounded, requests, factor * rate, seconds);
                }
            }
            offer("x 2.0, default queue", usual, requests, 2 * rate, seconds);
        }
    }

    private static double sustainable(ServerProcess server, List<byte[]> requests) throws Exception {
        double[] seconds = new ClosedLoop(4).add("", ClosedLoop.http(server.port(), requests)).run(1, 5, 16).get("")
                .seconds();
        return 16 / Rounds.percentile(seconds, 50);
    }

    /** Of a request, on the mean. */
    private static double tokens(ServerProcess server, List<byte[]> requests) throws IOException {
        double sum = 0;
        try (Connection connection = new Connection(server.port())) {
            for (byte[] request : requests) {
                sum += new Gson().fromJson(connection.send(request).text(), JsonObject.class).getAsJsonObject("usage")
                        .get("total_tokens").getAsLong();
            }
        }
        return sum / requests.size();
    }

    private static void offer(String name, ServerProcess server, List<byte[]> requests, double rate, double seconds)
            throws InterruptedException {
        Random random = new Random(1);
        Sample[] samples = new Sample[(int) (rate * seconds)];
        Deque<Connection> idle = new ConcurrentLinkedDeque<>();
        long meant = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < samples.length; i++) {
                meant += (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9);
                for (long left = meant - System.nanoTime(); left > 0; left = meant - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                int number = i;
                long start = meant;
                threads.submit(() -> {
                    int status = status(server, idle, requests.get(number % requests.size()));
                    samples[number] = new Sample(status, (System.nanoTime() - start) / 1e6);
                });
            }
        }
        idle.forEach(connection -> {
            try {
                connection.close();
            } catch (IOException e) {
                // it was idle
            }
        });
        long good = count(samples, Sample::inTime);
        long bad = count(samples, sample -> sample.status() != 200 && sample.status() != 429 && sample.status() != 504);
        System.out.printf("%-22s %8.1f %9d %9d %7.1f %6d %6d %6d %9.0f %9.0f %13.0f%s%n", name, rate, samples.length,
                good, good / seconds, count(samples, sample -> sample.status() == 200 && !sample.inTime()),
                count(samples, sample -> sample.status() == 429), count(samples, sample -> sample.status() == 504),
                percentile(samples, 200, 50), percentile(samples, 200, 99), percentile(samples, 429, 99),
                bad == 0 ? "" : "  and " + bad + " others");
    }

    private static int status(ServerProcess server, Deque<Connection> idle, byte[] request) {
        Connection connection = idle.pollFirst();
        try {
            if (connection == null) {
                connection = new Connection(server.port());
            }
            Connection.Answer answer = connection.send(request);
            if (answer.last()) {
                connection.close();
            } else {
                idle.addFirst(connection);
            }
            return answer.status();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long count(Sample[] samples, Predicate<Sample> which) {
        return Arrays.stream(samples).filter(which).count();
    }

    private static double percentile(Sample[] samples, int status, int percent) {
        double[] millis = Arrays.stream(samples).filter(sample -> sample.status() == status)
                .mapToDouble(Sample::millis).toArray();
        return millis.length == 0 ? Double.NaN : Rounds.percentile(millis, percent);
    }
}
