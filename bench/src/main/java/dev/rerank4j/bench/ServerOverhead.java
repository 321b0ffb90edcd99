package dev.rerank4j.bench;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.server.AccessLog;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.RerankServer;
import dev.rerank4j.server.ServedModel;
import dev.rerank4j.server.ServerOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the server adds to the engine: the same requests to the scorer in this process, to a server in this process that
 * serves that very scorer, and to {@code rerank serve} in another process, by one client and by 32, request by request or
 * round by round in turn. Then HTTP and JSON alone, with a scorer that says 0 for everything and reads nothing. Argument, optional: a share of the usual
 * number of rounds, such as 0.1 for a look.
 */
final class ServerOverhead {

    /** All of 32 clients' documents take a while, and nothing is to be cut off here. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Held, or the setting would be lost with it. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private ServerOverhead() {
    }

    public static void main(String[] args) throws Exception {
        HELIDON.setLevel(Level.WARNING);
        double share = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        ExampleRequests examples = new ExampleRequests();
        System.out.printf("%-32s %5s %8s %9s %9s %9s %12s %8s %8s%n", "", "docs", "clients", "requests", "p50 ms",
                "p99 ms", "added p50 ms", "x p50", "x p99");
        try (OnnxScorer scorer = OnnxScorer.builtIn(); OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            int size = scorer.maxLength() - 67; // as rerank serve cuts
            Chunker pieces = Chunker.structured(encoder::tokenStarts, size, size / 8);
            ServedModel model = new ServedModel("model", scorer, scorer.maxLength(), pieces::cut,
                    ServedModel.Load.UNKNOWN);
            try (RerankServer here = serve(model);
                    ServerProcess there = ServerProcess.rerank("", "timeout: " + PATIENCE.toSeconds() + "s");
                    RerankServer constant = serve(new ServedModel("constant", new Constant(), scorer.maxLength(),
                            List::of, ServedModel.Load.UNKNOWN))) {
                for (int clients : new int[]{1, 32}) {
                    for (int documents : new int[]{1, 10, 50}) {
                        int each = clients == 1 ? 1 : Math.max(clients, 320 / documents);
                        int rounds = (int) Math
                                .ceil(share * (clients == 1 ? Math.clamp(1600 / documents, 32, 400) : 2));
                        List<ExampleRequests.Work> work = examples.make(rounds * each, documents, documents);
                        List<byte[]> requests = work.stream().map(w -> Connection.post("/v1/rerank", w.v1())).toList();
                        print(documents, clients, new ClosedLoop(clients)
                                .add("engine, in process", () -> request -> scorer.score(ScoreRequest
                                        .of(work.get(request).query(), work.get(request).documents())))
                                .add("server, same process", ClosedLoop.http(here.port(), requests))
                                .add("server, another process", ClosedLoop.http(there.port(), requests))
                                .run(clients == 1 ? Math.max(1, rounds / 8) : documents == 1 ? 1 : 0, rounds, each));
                    }
                }
                for (int clients : new int[]{1, 32}) {
                    for (int documents : new int[]{1, 10, 50}) {
                        int each = clients == 1 ? 10 : 320;
                        int rounds = (int) Math.ceil(share * (clients == 1 ? 100 : 10));
                        List<byte[]> requests = examples.make(rounds * each, documents, documents).stream()
                                .map(w -> Connection.post("/v1/rerank", w.v1())).toList();
                        print(documents, clients, new ClosedLoop(clients)
                                .add("HTTP and JSON alone", ClosedLoop.http(constant.port(), requests))
                                .run(Math.max(1, rounds / 4), rounds, each));
                    }
                }
            }
        }
    }

    private static RerankServer serve(ServedModel model) {
        ServerOptions usual = ServerOptions.defaults();
        return RerankServer.start(new ServerOptions(usual.host(), 0, usual.maxBody(), usual.maxDocuments(),
                usual.maxConcurrent(), PATIENCE, usual.shutdownTimeout(), usual.corsOrigins()),
                CompletableFuture.completedFuture(new Catalogue(List.of(model), Optional.empty(), List.of())),
                List.of(), AccessLog.NONE);
    }

    /** Against the first: the median of what is added request by request, and the ratios of the percentiles. */
    private static void print(int documents, int clients, Map<String, ClosedLoop.Measured> measured) {
        ClosedLoop.Measured first = measured.values().iterator().next();
        measured.forEach((name, own) -> {
            double[] added = new double[own.millis().length];
            Arrays.setAll(added, i -> own.millis()[i] - first.millis()[i]);
            System.out.printf("%-32s %5d %8d %9d %9.2f %9.2f %12.2f %8.3f %8.3f%n", name, documents, clients,
                    added.length, own.percentile(50), own.percentile(99), Rounds.percentile(added, 50),
                    own.percentile(50) / first.percentile(50), own.percentile(99) / first.percentile(99));
        });
    }

    /** Costs nothing and says nothing: what is left is HTTP and JSON. */
    private static final class Constant implements Scorer {

        @Override
        public String name() {
            return "constant";
        }

        @Override
        public Scores score(ScoreRequest request) {
            int count = request.texts().size();
            return new Scores(new float[count], new float[count], new int[count], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
        }
    }
}
