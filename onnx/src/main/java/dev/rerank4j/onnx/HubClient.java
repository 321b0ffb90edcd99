package dev.rerank4j.onnx;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a hub can be asked, of one model. Used by one thread. */
final class HubClient implements AutoCloseable {

    /** The longest list of a real repository is some hundred kilobytes. */
    private static final int LONGEST_LIST = 16 << 20;

    /** By a pause below zero, Failsafe understands that the next longer one is meant. */
    private static final Duration BACKOFF = Duration.ofNanos(-1);

    private final ModelId id;
    private final HubOptions options;
    private final Patience patience;
    private final HubConnection connection;
    private final HubRefusal refusal;

    HubClient(ModelId id, HubOptions options, Patience patience) {
        this.id = id;
        this.options = options;
        this.patience = patience;
        connection = new HubConnection(options, patience);
        refusal = new HubRefusal(id, options, patience.longestWait());
    }

    /** What a revision is now. */
    HubListing listing(String revision, boolean retry) throws IOException, HubTrouble, InterruptedException {
        URI uri = URI.create(options.endpoint() + "/api/models/" + id.repository() + "/revision/"
                + encoded(revision) + "?blobs=true");
        return retrying(retry ? patience : patience.withoutRetries(), () -> {
            try (HubReply reply = connection.get(uri, Map.of("Accept", "application/json"))) {
                if (reply.status() != 200) {
                    throw refusal.of(reply);
                }
                byte[] json = reply.body().all(LONGEST_LIST, patience.silence());
                if (json == null) {
                    throw HubTrouble.lasting(Kind.UNAVAILABLE,
                            "the list of the files of " + id + " at " + options.endpoint() + " has no end");
                }
                return HubListing.parse(new String(json, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw connection.failed(uri, e);
            }
        });
    }

    /** A file of which the list does not say enough, with the rest. */
    HubListing.Entry described(String commit, HubListing.Entry entry)
            throws IOException, HubTrouble, InterruptedException {
        return retrying(patience, () -> {
            try (HubReply reply = connection.head(address(commit, entry.path()))) {
                if (reply.status() / 100 != 3 && reply.status() != 200) {
                    throw refusal.of(reply);
                }
                String etag = reply.header("X-Linked-Etag").or(() -> reply.header("ETag")).orElse("")
                        .replaceFirst("^W/", "").replace("\"", "");
                if (!etag.matches("[A-Za-z0-9_-]{1,128}")) {
                    throw HubTrouble.lasting(Kind.UNAVAILABLE, options.endpoint() + " does not say what " + entry.path()
                            + " of " + id + " is known by (ETag): check HF_ENDPOINT and the proxy");
                }
                long size = reply.number("X-Linked-Size").orElse(reply.status() == 200
                        ? reply.number("Content-Length").orElse(-1)
                        : -1);
                if (size < 0 && entry.size() < 0) {
                    throw HubTrouble.lasting(Kind.UNAVAILABLE, options.endpoint() + " does not say how long "
                            + entry.path() + " of " + id + " is: check HF_ENDPOINT and the proxy");
                }
                return entry.with(size, etag);
            }
        });
    }

    /**
     * A file's bytes from one on. Not tried again.
     *
     * @return with status 200 for all of it, 206 for the rest, 416 if there is no such byte
     */
    HubReply open(String commit, String path, long from) throws HubTrouble, InterruptedException {
        HubReply reply = connection.get(address(commit, path), from == 0
                ? Map.of()
                : Map.of("Range", "bytes=" + from + "-"));
        if (reply.status() == 200 || reply.status() == 206 || reply.status() == 416 && from > 0) {
            return reply;
        }
        try (reply) {
            throw refusal.of(reply);
        }
    }

    /** Why there was no more of a reply. */
    HubTrouble failed(HubReply reply, IOException e) {
        return connection.failed(reply.uri(), e);
    }

    Patience patience() {
        return patience;
    }

    /**
     * Tries until it succeeds, fails for good, or has failed often enough.
     *
     * @param attempt throws {@link HubTrouble}, {@link InterruptedException}, {@link IOException} for what is not the
     *        hub's fault, and nothing else that is checked
     */
    static <T> T retrying(Patience patience, CheckedSupplier<T> attempt)
            throws IOException, HubTrouble, InterruptedException {
        RetryPolicy<T> policy = RetryPolicy.<T>builder()
                .handleIf((T result, Throwable e) -> e instanceof HubTrouble trouble && trouble.isPassing())
                .withMaxRetries(patience.retries()).withBackoff(patience.firstPause(), patience.longestPause())
                .withDelayFnOn(context -> ((HubTrouble) context.getLastException()).pause().orElse(BACKOFF),
                        HubTrouble.class)
                .build();
        try {
            return Failsafe.with(policy).get(attempt);
        } catch (FailsafeException e) {
            switch (e.getCause()) {
                case HubTrouble trouble -> throw trouble;
                case InterruptedException interrupted -> throw interrupted;
                case IOException disk -> throw disk;
                case null, default -> throw new RerankException(Kind.INTERNAL, "a download failed unexpectedly", e);
            }
        }
    }

    private URI address(String commit, String path) {
        return URI.create(options.endpoint() + "/" + id.repository() + "/resolve/" + commit + "/"
                + Arrays.stream(path.split("/")).map(HubClient::encoded).collect(Collectors.joining("/")));
    }

    /** As one segment of an address. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format("%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    @Override
    public void close() {
        connection.close();
    }
}
