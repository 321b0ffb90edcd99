package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.HttpService.Call;
import dev.rerank4j.remote.HttpService.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** Speaks with a cluster about one index. What the engine refuses becomes a sentence. Safe for use by several threads. */
final class OpenSearchClient implements AutoCloseable {

    private static final byte[] NOTHING = {};
    private static final Set<Integer> EXPLAINED = Set.of(400, 404, 409);

    private static final Set<String> TOO_MANY = Set.of("too_many_clauses", "too_many_nested_clauses");

    private final String engine;
    private final String index;
    private final HttpService service;
    private volatile boolean closed;

    OpenSearchClient(OpenSearchOptions options) {
        engine = options.engine().title();
        index = options.index();
        service = new HttpService(options.engine().service(), options.remote(), headers(options));
    }

    private static Map<String, String> headers(OpenSearchOptions options) {
        String secret = options.remote().key().secret();
        if (secret.isEmpty()) {
            return Map.of();
        }
        if (!options.user().isEmpty()) {
            return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(
                    (options.user() + ":" + secret).getBytes(StandardCharsets.UTF_8)));
        }
        return Map.of("Authorization", switch (options.engine()) {
            case OPENSEARCH -> "Bearer " + secret;
            case ELASTICSEARCH -> "ApiKey " + secret;
        });
    }

    /** "index docs of OpenSearch", for sentences. */
    String subject() {
        return "index " + index + " of " + engine;
    }

    /** Asks about the index. */
    JsonNode post(String path, JsonNode body, Deadline deadline) {
        return answer(new Call("POST", path(path), "application/json", Call.bytes(body), EXPLAINED), deadline);
    }

    /** Sends lines of JSON about the index. */
    JsonNode bulk(String path, byte[] lines, Deadline deadline) {
        return answer(new Call("POST", path(path), "application/x-ndjson", lines, EXPLAINED), deadline);
    }

    /** Asks for something about the index; a status of 404 is an answer. */
    Reply get(String path, Deadline deadline) {
        return send(new Call("GET", path(path), "", NOTHING, Set.of(404)), deadline);
    }

    /** Makes the index, unless somebody else just did. */
    void create(JsonNode body) {
        Reply reply = send(new Call("PUT", path(""), "application/json", Call.bytes(body), EXPLAINED),
                Deadline.none());
        if (reply.status() / 100 != 2 && !type(reply.body()).equals("resource_already_exists_exception")) {
            throw refused(reply);
        }
    }

    private String path(String rest) {
        return "/" + URLEncoder.encode(index, StandardCharsets.UTF_8) + rest;
    }

    private JsonNode answer(Call call, Deadline deadline) {
        Reply reply = send(call, deadline);
        if (reply.status() / 100 != 2) {
            throw refused(reply);
        }
        return reply.body();
    }

    private Reply send(Call call, Deadline deadline) {
        requireOpen();
        try {
            return service.send(call, deadline);
        } catch (RerankException e) {
            throw e.kind() == Kind.UNAVAILABLE ? red(e) : e;
        }
    }

    /** If the index is red, that is why. */
    private RerankException red(RerankException refused) {
        try {
            Reply reply = service.send(new Call("GET", "/_cluster/health/"
                    + URLEncoder.encode(index, StandardCharsets.UTF_8) + "?local=true&timeout=1s", "", NOTHING,
                    Set.of(408)), Deadline.in(Duration.ofSeconds(2)));
            if (reply.body().path("status").asText().equals("red")) {
                return new RerankException(Kind.UNAVAILABLE, subject() + " is red: some of its shards are on no node "
                        + "that answers; whoever runs the cluster sees why with GET _cluster/allocation/explain",
                        refused);
            }
        } catch (RerankException e) {
            refused.addSuppressed(e);
        }
        return refused;
    }

    /** The engine's name of what went wrong. Of a query that shards refuse, their reason says more than its own. */
    private static String type(JsonNode body) {
        JsonNode error = body.path("error");
        if (error.findValuesAsText("type").stream().anyMatch(TOO_MANY::contains)) {
            return "too_many_clauses";
        }
        JsonNode root = error.path("root_cause").path(0).path("type");
        String type = root.isTextual() ? root.asText() : error.path("type").asText();
        return type.matches("[a-z_]{1,80}") ? type : "";
    }

    private RerankException refused(Reply reply) {
        String type = type(reply.body());
        return switch (type) {
            case "index_not_found_exception" -> missing();
            case "index_closed_exception" -> new RerankException(Kind.UNAVAILABLE, subject() + " is closed: open it");
            case "too_many_clauses" -> new RerankException(Kind.INVALID_REQUEST,
                    "the words and the filter of the query make more conditions than " + engine
                            + " reads, 1,024 by default: shorten them");
            case "cluster_block_exception" -> new RerankException(Kind.UNAVAILABLE, subject() + " takes no changes: "
                    + "it is read-only, or its disks are full");
            case "version_conflict_engine_exception" -> conflict();
            default -> new RerankException(reply.status() == 400 ? Kind.INVALID_REQUEST : Kind.UNAVAILABLE,
                    subject() + " refused a request with status " + reply.status()
                            + (type.isEmpty() ? "" : " (" + type + ")")
                            + ": check that the fields and the filter are those of its mapping");
        };
    }

    /** @throws RerankException if shards failed: what the others found is not all there is */
    void requireAllShards(JsonNode answer) {
        JsonNode shards = answer.path("_shards");
        int failed = shards.path("failed").asInt();
        if (failed > 0) {
            throw new RerankException(Kind.UNAVAILABLE, failed + " of " + shards.path("total").asInt() + " shards of "
                    + subject() + " did not answer: what the others found is not taken for all there is");
        }
    }

    /** Of a passage or mark, by the status and the engine's name of the error. */
    RerankException refusedChange(int status, String type) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        body.putObject("error").put("type", type);
        return refused(new Reply(status, body));
    }

    /** There is no such index. */
    RerankException missing() {
        return new RerankException(Kind.UNAVAILABLE, "there is no " + subject()
                + ": check its name, or load it first, which makes it");
    }

    private RerankException conflict() {
        return new RerankException(Kind.UNAVAILABLE, "documents of " + subject() + " were changed by somebody else at "
                + "the same time: one process at a time may write, try again");
    }

    /** @throws IllegalStateException if closed */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(subject() + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        service.close();
    }
}
