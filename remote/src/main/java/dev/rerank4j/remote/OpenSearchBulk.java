package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Changes of an index as bulk requests of bounded size. Those that the engine has no room for are sent again, after
 * pauses that grow, and no others. Guarded by the index's lock.
 */
final class OpenSearchBulk {

    private static final int ATTEMPTS = 10;
    private static final long FIRST_PAUSE = 100; // ms

    private final OpenSearchClient client;
    private final int most;
    private final long firstPause;
    private final List<byte[]> actions = new ArrayList<>();
    private int bytes;

    OpenSearchBulk(OpenSearchClient client, OpenSearchOptions options) {
        this(client, options, FIRST_PAUSE);
    }

    /** @param firstPause in ms; above 0 */
    OpenSearchBulk(OpenSearchClient client, OpenSearchOptions options, long firstPause) {
        this.client = client;
        this.firstPause = firstPause;
        most = options.bulkBytes();
    }

    void index(String id, String routing, JsonNode source) {
        add(HttpService.Call.bytes(action("index", id, routing)), HttpService.Call.bytes(source));
    }

    void delete(String id, String routing) {
        add(HttpService.Call.bytes(action("delete", id, routing)));
    }

    private static ObjectNode action(String what, String id, String routing) {
        ObjectNode action = HttpService.JSON.createObjectNode();
        action.putObject(what).put("_id", id).put("routing", routing);
        return action;
    }

    private void add(byte[]... lines) {
        ByteArrayOutputStream action = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            action.writeBytes(line);
            action.write('\n');
        }
        if (bytes + action.size() > most) {
            send();
        }
        actions.add(action.toByteArray());
        bytes += action.size();
    }

    /** Drops what was not sent. */
    void forget() {
        actions.clear();
        bytes = 0;
    }

    /** Sends what there is. */
    void send() {
        List<byte[]> left = List.copyOf(actions);
        forget();
        long pause = firstPause;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            left = refused(left);
            if (!left.isEmpty()) {
                if (attempt == ATTEMPTS) {
                    throw new RerankException(Kind.OVERLOADED, client.subject() + " had no room for " + left.size()
                            + " passages in " + ATTEMPTS + " attempts: try again later, or load with smaller requests");
                }
                sleep(pause + ThreadLocalRandom.current().nextLong(pause));
                pause = Math.min(2 * pause, 100 * firstPause);
            }
        }
    }

    /** Sends actions, and gives back those that there was no room for. */
    private List<byte[]> refused(List<byte[]> left) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        left.forEach(body::writeBytes);
        JsonNode answer;
        try {
            answer = client.bulk("/_bulk?filter_path=errors,items.*.status,items.*.error.type", body.toByteArray(),
                    Deadline.none());
        } catch (RerankException e) {
            if (e.kind() == Kind.OVERLOADED) {
                return left;
            }
            throw e;
        }
        if (!answer.path("errors").asBoolean()) {
            return List.of();
        }
        List<byte[]> again = new ArrayList<>();
        JsonNode items = answer.path("items");
        for (int i = 0; i < left.size(); i++) {
            JsonNode item = items.path(i).elements().hasNext()
                    ? items.path(i).elements().next()
                    : HttpService.JSON.missingNode();
            int status = item.path("status").asInt();
            String error = item.path("error").path("type").asText();
            if (status == 429 || status == 503 || error.equals("es_rejected_execution_exception")
                    || error.equals("rejected_execution_exception")) {
                again.add(left.get(i));
            } else if (item.has("error")) {
                throw client.refusedChange(status, error);
            }
        }
        return again;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "loading was interrupted", e);
        }
    }
}
