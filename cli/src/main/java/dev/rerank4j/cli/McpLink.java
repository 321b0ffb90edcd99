package dev.rerank4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The wire: a JSON message a line, in both directions. The SDK's own transport ends at the first line that it cannot
 * read, forgets what is running when the input ends, and knows nothing of cancelling; this one answers such lines, lets
 * what runs come to an end, and cancels.
 */
final class McpLink implements McpServerTransport {

    /** Bytes: the largest rerank that is allowed, or nearly so. */
    static final int LONGEST_LINE = 16 << 20;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    private final JacksonMcpJsonMapper json = new JacksonMcpJsonMapper(Json.MAPPER);
    private final InputStream in;
    private final PrintStream out;
    private final McpServerSession session;
    private final Map<Object, Disposable> running = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean greeted;
    private boolean initialized;

    /**
     * @param in what the client says
     * @param out where nobody else writes
     * @param session makes what answers
     */
    McpLink(InputStream in, PrintStream out, Function<McpLink, McpServerSession> session) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
        this.session = session.apply(this);
    }

    /** Reads and answers on a thread of its own, until the input ends or it is told to stop. */
    void start() {
        Thread.ofPlatform().daemon().name("mcp-in").start(() -> {
            try {
                readAll();
            } finally {
                stop();
            }
        });
    }

    /** Takes no more messages; does not wait. */
    void stop() {
        ended.countDown();
    }

    boolean stopped() {
        return ended.getCount() == 0;
    }

    /** Waits until the input has ended, or it was told to stop. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Waits for what runs, and then cancels it.
     *
     * @param patience how long at most
     */
    void finish(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (running) {
            for (long left = patience.toNanos(); !running.isEmpty() && left > 0; left = end - System.nanoTime()) {
                running.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
        }
        running.values().forEach(Disposable::dispose);
    }

    private void readAll() {
        try {
            for (Line line = readLine(); line != null && !stopped(); line = readLine()) {
                switch (line) {
                    case Line.Whole whole when whole.text().isBlank() -> {
                    }
                    case Line.Whole whole -> receive(whole.text());
                    case Line.TooLong tooLong -> refuse(null, McpSchema.ErrorCodes.INVALID_REQUEST,
                            "a message must be at most " + Units.size(LONGEST_LINE) + " long");
                }
            }
        } catch (IOException e) {
            // as good as its end
        }
    }

    private sealed interface Line {
        record Whole(String text) implements Line {
        }

        record TooLong() implements Line {
        }
    }

    private @Nullable Line readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            tooLong |= line.size() == LONGEST_LINE;
            if (!tooLong) {
                line.write(b);
            }
        }
        return tooLong ? new Line.TooLong() : new Line.Whole(line.toString(StandardCharsets.UTF_8));
    }

    private void receive(String line) {
        Map<String, Object> message;
        try {
            message = Json.MAPPER.readValue(line, OBJECT);
        } catch (MismatchedInputException e) {
            refuse(null, McpSchema.ErrorCodes.INVALID_REQUEST, "a message must be one JSON object");
            return;
        } catch (JsonProcessingException e) {
            refuse(null, McpSchema.ErrorCodes.PARSE_ERROR, "a line must be one message in JSON");
            return;
        }
        Object id = message.get("id");
        try {
            if (!McpSchema.JSONRPC_VERSION.equals(message.get("jsonrpc"))) {
                throw new IllegalArgumentException("jsonrpc");
            }
            if (!message.containsKey("method")) {
                return; // an answer, and nothing was asked
            }
            if (message.containsKey("id")) {
                request(json.convertValue(message, JSONRPCRequest.class));
            } else {
                notice(json.convertValue(message, JSONRPCNotification.class));
            }
        } catch (IllegalArgumentException e) {
            refuse(id, McpSchema.ErrorCodes.INVALID_REQUEST,
                    "a message must have \"jsonrpc\": \"2.0\", a method, and, to be answered, an id that is a string "
                            + "or an integer");
        }
    }

    private void request(JSONRPCRequest request) {
        if (request.method().equals(McpSchema.METHOD_PING)) {
            write(JSONRPCResponse.result(request.id(), Map.of()));
            return;
        }
        if (running.containsKey(request.id())) {
            refuse(request.id(), McpSchema.ErrorCodes.INVALID_REQUEST, "a request of this id is still running");
            return;
        }
        if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            if (!(request.params() instanceof Map)) {
                refuse(request.id(), McpSchema.ErrorCodes.INVALID_PARAMS, "params are missing");
                return;
            }
            greeted = true;
        } else if (!greeted && request.method().matches("(tools|resources)/.*")) {
            refuse(request.id(), McpSchema.ErrorCodes.INVALID_REQUEST, "the first request must be initialize");
            return;
        } else if (greeted) {
            initialized(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED));
        }
        Disposable work = session.handle(request).doFinally(signal -> done(request.id())).subscribe();
        running.put(request.id(), work);
        if (work.isDisposed()) {
            done(request.id());
        }
    }

    private void done(Object id) {
        synchronized (running) {
            running.remove(id);
            running.notifyAll();
        }
    }

    private void notice(JSONRPCNotification notice) {
        switch (notice.method()) {
            case McpSchema.METHOD_NOTIFICATION_INITIALIZED -> initialized(notice);
            case "notifications/cancelled" -> cancel(notice.params());
            default -> {
            }
        }
    }

    /** Some clients forget to say it, and the session would wait for it for ever. */
    private void initialized(JSONRPCNotification notice) {
        if (greeted && !initialized) {
            initialized = true;
            session.handle(notice).subscribe();
        }
    }

    private void cancel(@Nullable Object params) {
        Object id = params instanceof Map<?, ?> named ? named.get("requestId") : null;
        Disposable work = id == null ? null : running.remove(id);
        if (work != null) {
            work.dispose();
        }
    }

    /** An error, of a request if its id is known. */
    private void refuse(@Nullable Object id, int code, String message) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        if (id instanceof String || id instanceof Integer || id instanceof Long) {
            answer.put("id", id);
        }
        answer.put("error", new JSONRPCError(code, message));
        write(answer);
    }

    private void write(Object message) {
        byte[] line;
        try {
            line = json.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e); // our own records
        }
        synchronized (out) {
            out.write(line, 0, line.length);
            out.write('\n');
            out.flush();
        }
        if (out.checkError()) {
            stop(); // nobody reads on
        }
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        return Mono.fromRunnable(() -> write(message));
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        try {
            return json.convertValue(data, type);
        } catch (IllegalArgumentException e) {
            throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("the params are not those of this method").build();
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::stop);
    }
}
