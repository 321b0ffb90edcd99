package dev.rerank4j.onnx;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.rerank4j.onnx.HubRepository.Access;
import dev.rerank4j.onnx.HubRepository.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A server that behaves as the Hugging Face Hub does towards who downloads models, with a second one beside it for large
 * files, to which it redirects. {@code conformance/run-hub} lets Python's {@code huggingface_hub} pull from it.
 *
 * <p>What it is to do wrong is said with {@link #next}.
 */
public final class HubServer implements AutoCloseable {

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A request that came: to the hub itself, or to where its large files are. */
    public record Call(boolean hub, String method, String path, Optional<String> authorization,
            Optional<String> range, int connection) {
    }

    private static final Pattern API = Pattern.compile("/api/models/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+))?");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern SMALL = Pattern
            .compile("/api/resolve-cache/models/([^/]+/[^/]+)/([0-9a-f]{40})/(.+)");

    private final HttpServer hub;
    private final HttpServer files;
    private final String scheme;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ConcurrentMap<String, HubRepository> repositories = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Content> large = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<String, Deque<UnaryOperator<HubAnswer>>> faults = new ConcurrentHashMap<>();
    private volatile String token = "hf_the_right_one";

    private HubServer(HttpServer hub, HttpServer files, String scheme) {
        this.hub = hub;
        this.files = files;
        this.scheme = scheme;
        hub.setExecutor(executor);
        files.setExecutor(executor);
        hub.createContext("/", exchange -> handle(exchange, true));
        files.createContext("/", exchange -> handle(exchange, false));
        hub.start();
        files.start();
    }

    public static HubServer start(HubRepository... repositories) throws IOException {
        return start(0, repositories);
    }

    public static HubServer start(int port, HubRepository... repositories) throws IOException {
        return new HubServer(HttpServer.create(local(port), 0), HttpServer.create(local(0), 0), "http")
                .serve(repositories);
    }

    /** By TLS; large files too. */
    public static HubServer secure(SSLContext context, HubRepository... repositories) throws IOException {
        HttpsServer hub = HttpsServer.create(local(0), 0);
        HttpsServer files = HttpsServer.create(local(0), 0);
        hub.setHttpsConfigurator(new HttpsConfigurator(context));
        files.setHttpsConfigurator(new HttpsConfigurator(context));
        return new HubServer(hub, files, "https").serve(repositories);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public HubServer serve(HubRepository... more) {
        for (HubRepository repository : more) {
            repositories.put(repository.name(), repository);
        }
        return this;
    }

    /** The token that lets in, where one is asked for. */
    public HubServer token(String right) {
        token = right;
        return this;
    }

    public URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + hub.getAddress().getPort());
    }

    /** Where large files are. */
    public URI elsewhere() {
        return URI.create(scheme + "://127.0.0.1:" + files.getAddress().getPort());
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** How often a path was asked for that holds this. */
    public long calls(String part) {
        return calls.stream().filter(call -> call.path().contains(part)).count();
    }

    public void forget() {
        calls.clear();
    }

    /**
     * What the next answers to requests whose path holds this become, one after the other; then all is well again.
     *
     * @param part of the path, as {@code resolve/}, or {@code lfs/} for large files
     */
    @SafeVarargs
    public final HubServer next(String part, UnaryOperator<HubAnswer>... wrong) {
        for (UnaryOperator<HubAnswer> one : wrong) {
            faults.computeIfAbsent(part, key -> new ConcurrentLinkedDeque<>()).add(one);
        }
        return this;
    }

    private void handle(HttpExchange exchange, boolean toHub) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Optional<String> authorization = Optional
                    .ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
            Optional<String> range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
            calls.add(new Call(toHub, exchange.getRequestMethod(), path, authorization, range,
                    exchange.getRemoteAddress().getPort()));
            HubAnswer answer = (toHub ? hub(path, authorization) : elsewhere(path, authorization))
                    .range(range.orElse(null));
            for (Map.Entry<String, Deque<UnaryOperator<HubAnswer>>> fault : faults.entrySet()) {
                UnaryOperator<HubAnswer> next = path.contains(fault.getKey()) ? fault.getValue().poll() : null;
                answer = next == null ? answer : next.apply(answer);
            }
            send(exchange, answer);
        } catch (IOException cut) {
            // by the client, or by ourselves
        }
    }

    private static void send(HttpExchange exchange, HubAnswer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        long length = answer.to() - answer.from();
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
        try (InputStream in = answer.content().open(answer.from())) {
            OutputStream out = exchange.getResponseBody();
            byte[] buffer = new byte[1 << 16];
            long stop = answer.cut() == -1 ? Long.MAX_VALUE : answer.cut() < 0 ? -answer.cut() - 1 : answer.cut();
            long sent = 0;
            while (sent < length) {
                int count = in.read(buffer, 0, (int) Math.min(Math.min(buffer.length, length - sent), stop - sent));
                out.write(buffer, 0, Math.max(0, count));
                sent += Math.max(0, count);
                if (sent == stop) {
                    out.flush();
                    answer.before().run();
                    if (answer.cut() >= 0) {
                        throw new IOException("cut");
                    }
                    stop = Long.MAX_VALUE;
                }
            }
        }
    }

    private HubAnswer hub(String path, Optional<String> authorization) {
        boolean known = authorization.equals(Optional.of("Bearer " + token));
        if (authorization.isPresent() && !known) {
            return HubAnswer.text(401, Map.of("X-Error-Message", "Invalid credentials in Authorization header"),
                    "application/json", "{\"error\":\"Invalid credentials: " + authorization.get() + "\"}");
        }
        Matcher api = API.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        Matcher small = SMALL.matcher(path);
        if (small.matches()) {
            return file(small, known, true);
        }
        if (api.matches()) {
            return api(api, known);
        }
        return resolve.matches()
                ? file(resolve, known, false)
                : HubAnswer.error(404, "", "Sorry, we can't find the page you are looking for.");
    }

    private Optional<HubRepository> repository(String name, boolean known) {
        return Optional.ofNullable(repositories.get(name)).filter(one -> known || one.access() != Access.PRIVATE);
    }

    private static HubAnswer noRepository(boolean known) {
        return HubAnswer.error(known ? 404 : 401, "RepoNotFound", "Repository not found");
    }

    private HubAnswer api(Matcher path, boolean known) {
        Optional<HubRepository> found = repository(path.group(1), known);
        if (found.isEmpty()) {
            return noRepository(known);
        }
        HubRepository repository = found.get();
        String revision = path.group(3) == null ? "main" : decoded(path.group(3));
        Optional<String> commit = repository.resolve(revision);
        if (commit.isEmpty()) {
            return HubAnswer.error(404, "RevisionNotFound", "Invalid rev id: " + revision);
        }
        Object body = "tree".equals(path.group(2))
                ? tree(repository, commit.get())
                : info(repository, commit.get());
        return HubAnswer.text(200, Map.of(), "application/json; charset=utf-8", new Gson().toJson(body));
    }

    private static Map<String, Object> info(HubRepository repository, String commit) {
        List<Object> siblings = new ArrayList<>();
        repository.files(commit).forEach((path, content) -> {
            Map<String, Object> sibling = new LinkedHashMap<>();
            sibling.put("rfilename", path);
            sibling.put("size", content.size());
            sibling.put("blobId", content.sha1());
            if (content.large()) {
                sibling.put("lfs", Map.of("sha256", content.sha256(), "size", content.size(), "pointerSize", 134));
            }
            siblings.add(sibling);
        });
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("_id", "0123456789abcdef01234567");
        info.put("id", repository.name());
        info.put("modelId", repository.name());
        info.put("private", repository.access() == Access.PRIVATE);
        info.put("gated", repository.access() == Access.GATED ? "auto" : (Object) false);
        info.put("sha", commit);
        info.put("lastModified", "2026-01-02T03:04:05.000Z");
        info.put("createdAt", "2026-01-02T03:04:05.000Z");
        info.put("tags", List.of());
        info.put("downloads", 1);
        info.put("likes", 1);
        repository.licence().ifPresent(licence -> info.put("cardData", Map.of("license", licence)));
        info.put("siblings", siblings);
        return info;
    }

    private static List<Object> tree(HubRepository repository, String commit) {
        List<Object> tree = new ArrayList<>();
        repository.files(commit).forEach((path, content) -> {
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("type", "file");
            file.put("oid", content.sha1());
            file.put("size", content.size());
            if (content.large()) {
                file.put("lfs", Map.of("oid", content.sha256(), "size", content.size(), "pointerSize", 134));
            }
            file.put("path", path);
            tree.add(file);
        });
        return tree;
    }

    private HubAnswer file(Matcher path, boolean known, boolean small) {
        Optional<HubRepository> found = repository(path.group(1), known);
        if (found.isEmpty()) {
            return noRepository(known);
        }
        HubRepository repository = found.get();
        if (repository.access() == Access.GATED && !known) {
            return HubAnswer.error(401, "GatedRepo", "Access to model " + repository.name() + " is restricted.");
        }
        Optional<String> commit = repository.resolve(decoded(path.group(2)));
        if (commit.isEmpty()) {
            return HubAnswer.error(404, "RevisionNotFound", "Invalid rev id");
        }
        Content content = repository.files(commit.get()).get(decoded(path.group(3)));
        if (content == null) {
            return HubAnswer.error(404, "EntryNotFound", "Entry not found").with("X-Repo-Commit", commit.get());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Repo-Commit", commit.get());
        headers.put("ETag", "\"" + content.etag() + "\"");
        headers.put("Accept-Ranges", "bytes");
        if (small) {
            return HubAnswer.of(200, headers, content);
        }
        headers.put("X-Linked-Etag", "\"" + content.etag() + "\"");
        headers.put("X-Linked-Size", Long.toString(content.size()));
        if (content.large()) {
            large.put(content.sha256(), content);
            headers.put("Location", elsewhere() + "/lfs/" + content.sha256() + "?X-Amz-Signature=secret-signature");
            return HubAnswer.text(302, headers, "text/plain", "Found. Redirecting");
        }
        headers.put("Location", "/api/resolve-cache/models/" + repository.name() + "/" + commit.get() + "/"
                + path.group(3) + "?etag=%22" + content.etag() + "%22");
        return HubAnswer.text(307, headers, "text/plain", "Temporary Redirect");
    }

    /** As S3, which does not take a second proof beside its own signature. */
    private HubAnswer elsewhere(String path, Optional<String> authorization) {
        Content content = large.get(path.substring(path.lastIndexOf('/') + 1));
        if (authorization.isPresent()) {
            return HubAnswer.text(400, Map.of(), "application/xml", "Only one auth mechanism allowed");
        }
        return content == null
                ? HubAnswer.text(404, Map.of(), "application/xml", "NoSuchKey")
                : HubAnswer.of(200, Map.of("ETag", "\"" + content.sha256().substring(0, 32) + "\"", "Accept-Ranges",
                        "bytes"), content);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        hub.stop(0);
        files.stop(0);
        executor.shutdownNow();
    }

    /**
     * Serves a folder of {@code OWNER/NAME/...} until it is ended, and prints its address.
     *
     * @param args the folder; then, if models are to be private, the token for them
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        HubServer server = start();
        try (Stream<Path> models = Files.walk(root, 2)) {
            for (Path model : models.filter(path -> root.relativize(path).getNameCount() == 2).toList()) {
                HubRepository repository = new HubRepository(root.relativize(model).toString().replace('\\', '/'));
                try (Stream<Path> all = Files.walk(model)) {
                    all.filter(Files::isRegularFile).forEach(
                            file -> repository.put(model.relativize(file).toString().replace('\\', '/'), file));
                }
                repository.commit("main");
                if (args.length > 1) {
                    server.token(args[1]);
                    repository.access(Access.PRIVATE);
                }
                server.serve(repository);
            }
        }
        System.out.println("hub " + server.endpoint());
    }
}
