package dev.rerank4j.server;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All routes: which action answers where. */
final class Routes {

    private static final String VERSION = Optional
            .ofNullable(Routes.class.getPackage().getImplementationVersion()).orElse("development");

    private final Gate gate;
    private final Meters meters;
    private final Action ready;
    private final int maxConcurrent;
    private final Map<String, List<Method>> methods = new TreeMap<>();

    Routes(Gate gate, Meters meters, Action ready, int maxConcurrent) {
        this.maxConcurrent = maxConcurrent;
        this.gate = gate;
        this.meters = meters;
        this.ready = ready;
    }

    void register(HttpRouting.Builder rules) {
        Scoring scoring = new Scoring(meters);
        RerankV1 v1 = new RerankV1(scoring);
        rules.addFilter(new BrowserSafety());
        post(rules, "/v2/rerank", new CohereV2(scoring));
        post(rules, "/v1/rerank", v1);
        post(rules, "/rerank", new RerankRoot(scoring));
        post(rules, "/v1/reranking", new Reranking(scoring, v1));
        post(rules, "/reranking", new Reranking(scoring, v1));
        post(rules, "/score", new VllmScore(scoring));
        post(rules, "/v1/score", new VllmScore(scoring));
        post(rules, "/v1/ranking", new NvidiaNim(scoring));
        post(rules, "/v1/embeddings", new OpenAiEmbeddings());
        get(rules, "/v1/models", new OpenAiModels(false));
        get(rules, "/v1/models/{+id}", new OpenAiModels(true));
        get(rules, "/info", new TeiInfo(VERSION, maxConcurrent));
        post(rules, "/api/search", new NativeSearch(meters));
        post(rules, "/api/rerank", new NativeRerank(scoring));
        NativeDocuments documents = new NativeDocuments();
        post(rules, "/api/documents", documents);
        route(rules, Method.DELETE, "/api/documents", gate.route("/api/documents", documents));
        get(rules, "/api/indexes", new NativeIndexes());
        read(rules, "/metrics",
                gate.keyed("/metrics", exchange -> new Reply(200, Map.of(), "text/plain; version=0.0.4; charset=utf-8",
                        meters.text().getBytes(StandardCharsets.UTF_8))));
        free(rules, "/health", ready);
        free(rules, "/health/ready", ready);
        free(rules, "/health/live", Health.live());
        free(rules, "/openapi.json", Page.file("openapi.json"));
        free(rules, "/", Page.file("page/index.html"));
        rules.get("/page/{name}", gate.open("/page/{name}", Page.named()));
        refuseOthers(rules);
    }

    /** What was registered: the methods of each path, the page's files left out. */
    Map<String, List<Method>> methods() {
        return Map.copyOf(methods);
    }

    private void post(HttpRouting.Builder rules, String path, Action action) {
        route(rules, Method.POST, path, gate.route(path, action));
    }

    private void get(HttpRouting.Builder rules, String path, Action action) {
        read(rules, path, gate.route(path, action));
    }

    private void free(HttpRouting.Builder rules, String path, Action action) {
        read(rules, path, gate.open(path, action));
    }

    private void read(HttpRouting.Builder rules, String path, Handler handler) {
        route(rules, Method.GET, path, handler);
        route(rules, Method.HEAD, path, handler);
    }

    private void route(HttpRouting.Builder rules, Method method, String path, Handler handler) {
        methods.computeIfAbsent(path, known -> new ArrayList<>()).add(method);
        rules.route(method, path, handler);
    }

    /** What is not there, and what is there for another method. */
    private void refuseOthers(HttpRouting.Builder rules) {
        methods.forEach((path, allowed) -> {
            String allow = String.join(", ", allowed.stream().map(Method::text).toList());
            // A browser asks with OPTIONS whether a page may call, before it sends a key.
            rules.route(Method.OPTIONS, path, gate.open(path,
                    exchange -> new Reply(200, Map.of("Allow", allow), "text/plain", new byte[0])));
            rules.any(path, gate.open(path, exchange -> Reply.json(Reason.METHOD_NOT_ALLOWED.status(),
                    Map.of("Allow", allow),
                    ErrorDialect.NATIVE.body(Reason.METHOD_NOT_ALLOWED, "this route takes " + allow))));
        });
        rules.any(gate.open("-", exchange -> {
            throw new Refusal(Reason.NOT_FOUND, "there is no such page or route; /openapi.json lists them");
        }));
    }
}
