package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code rerank serve} against the Python server of bench/python with the same model files, tokenizer and version of ONNX
 * Runtime, each in a process of its own: first whether the scores are equal, then requests of 50 documents by one client
 * and by eight, round by round in turn; the Python server that pads all to the longest by one client alone. Arguments: a Python that has bench/python/requirements.txt, a folder with the
 * built-in model's model.onnx and model_int8.onnx, and optionally how many rounds (5).
 */
final class ServerPeers {

    private static final int DOCUMENTS = 50;
    private static final String PADDED = "Python, one padded batch";

    private ServerPeers() {
    }

    public static void main(String[] args) throws Exception {
        int most = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        List<ExampleRequests.Work> work = new ExampleRequests().make(most * 16, DOCUMENTS, 1);
        for (String file : List.of("model_int8.onnx", "model.onnx")) {
            int rounds = file.contains("int8") ? most : Math.ceilDiv(most, 2); // takes more than twice as long
            Map<String, ServerProcess> servers = new LinkedHashMap<>();
            try {
                start(servers, args[0], Path.of(args[1]), file);
                System.out.println(file);
                compareScores(servers, work.subList(0, 4));
                for (int clients : new int[]{1, 8}) {
                    List<byte[]> requests = work.stream().map(w -> Connection.post("/rerank", w.tei())).toList();
                    ClosedLoop loop = new ClosedLoop(clients);
                    servers.forEach((name, server) -> {
                        if (clients == 1 || !name.equals(PADDED)) { // or it would take the most of the time
                            loop.add(name, ClosedLoop.http(server.port(), requests));
                        }
                    });
                    print(clients, loop.run(clients == 1 ? 1 : 0, rounds, clients == 1 ? 4 : 16));
                }
            } finally {
                for (ServerProcess server : servers.values()) {
                    server.close();
                }
            }
        }
    }

    private static void start(Map<String, ServerProcess> servers, String python, Path folder, String file)
            throws Exception {
        String model = folder.resolve(file).toString();
        String tokenizer = folder.resolve("tokenizer.json").toString();
        boolean int8 = file.contains("int8");
        servers.put("Rerank4j", int8
                ? ServerProcess.rerank("", "timeout: 300s")
                : ServerProcess.rerank("", "timeout: 300s", "--model", floatOnly(folder)));
        servers.put("Python, packed",
                ServerProcess.python(python, model, tokenizer, "--way", "packed", "--batch-tokens",
                        int8 ? "1" : "512"));
        servers.put(PADDED, ServerProcess.python(python, model, tokenizer, "--way", "padded"));
    }

    /** Where both files lie, the int8 one would be taken. */
    private static String floatOnly(Path folder) throws IOException {
        Path alone = Files.createTempDirectory("float");
        for (String file : List.of("model.onnx", "tokenizer.json", "config.json", "golden.json")) {
            Files.createSymbolicLink(alone.resolve(file), folder.resolve(file).toAbsolutePath());
        }
        return alone.toString();
    }

    private static void compareScores(Map<String, ServerProcess> servers, List<ExampleRequests.Work> some)
            throws IOException {
        List<double[]> first = new ArrayList<>();
        for (Map.Entry<String, ServerProcess> server : servers.entrySet()) {
            double worst = 0;
            try (Connection connection = new Connection(server.getValue().port())) {
                for (int i = 0; i < some.size(); i++) {
                    double[] scores = scores(connection, some.get(i));
                    if (first.size() <= i) {
                        first.add(scores);
                    }
                    for (int j = 0; j < scores.length; j++) {
                        worst = Math.max(worst, Math.abs(scores[j] - first.get(i)[j]));
                    }
                }
            }
            System.out.printf("  largest difference of a logit to Rerank4j's, %d pairs: %.1e  %s%n",
                    some.size() * DOCUMENTS, worst, server.getKey());
        }
    }

    private static double[] scores(Connection connection, ExampleRequests.Work work) throws IOException {
        Connection.Answer answer = connection.send(Connection.post("/rerank", work.tei()));
        double[] scores = new double[work.documents().size()];
        Arrays.fill(scores, Double.NaN);
        for (JsonElement element : new Gson().fromJson(answer.text(), JsonElement.class).getAsJsonArray()) {
            JsonObject rank = element.getAsJsonObject();
            scores[rank.get("index").getAsInt()] = rank.get("score").getAsFloat();
        }
        return scores;
    }

    /** Medians of the rounds; the ratios are medians, too, of each round's ratio to the first server's. */
    private static void print(int clients, Map<String, ClosedLoop.Measured> measured) {
        System.out.printf("  %-36s %7s %12s %24s %8s %9s %9s %7s %7s%n", clients + " clients", "", "documents/s",
                "range", "ratio", "p50 ms", "p99 ms", "x p50", "x p99");
        ClosedLoop.Measured first = measured.values().iterator().next();
        measured.forEach((name, own) -> {
            double[] rates = new double[own.seconds().length];
            double[] ratios = new double[rates.length];
            int each = own.millis().length / rates.length;
            for (int round = 0; round < rates.length; round++) {
                rates[round] = each * DOCUMENTS / own.seconds()[round];
                ratios[round] = first.seconds()[round] / own.seconds()[round];
            }
            System.out.printf("  %-36s %7s %12.1f %12.1f to %8.1f %8.2f %9.0f %9.0f %7.2f %7.2f%n", name, "",
                    Rounds.percentile(rates, 50), Rounds.percentile(rates, 0), Rounds.percentile(rates, 100),
                    Rounds.percentile(ratios, 50), own.percentile(50), own.percentile(99),
                    own.percentile(50) / first.percentile(50), own.percentile(99) / first.percentile(99));
        });
    }
}
