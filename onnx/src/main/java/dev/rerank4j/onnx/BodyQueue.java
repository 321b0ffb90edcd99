package dev.rerank4j.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a reply as they come: a little ahead of who takes them, and no more. Unlike the JDK's stream, it does not
 * wait for ever where the other side falls silent.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {

    private static final int AHEAD = 32; // lists of buffers of up to 16 KiB

    private static final int SHORT = 1 << 16;

    private sealed interface Part {
    }

    private record Bytes(List<ByteBuffer> buffers) implements Part {
    }

    private record End(@Nullable Throwable reason) implements Part {
    }

    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private volatile boolean discarding;
    private long discarded;

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        if (subscription.complete(source)) {
            source.request(AHEAD);
        } else {
            source.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (discarding) {
            discarded += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (discarded > SHORT) {
                close();
            }
        } else {
            parts.add(new Bytes(buffers));
        }
    }

    @Override
    public void onError(Throwable reason) {
        parts.add(new End(reason));
    }

    @Override
    public void onComplete() {
        parts.add(new End(null));
    }

    /**
     * @param patience how long to wait for more
     * @return the next bytes; empty once all have been taken
     * @throws HttpTimeoutException if nothing came
     * @throws IOException if the connection broke
     */
    List<ByteBuffer> take(Duration patience) throws IOException, InterruptedException {
        while (true) {
            Part next = parts.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            switch (next) {
                case null -> throw new HttpTimeoutException("nothing came for " + patience.toSeconds() + " s");
                case Bytes bytes -> {
                    subscription.thenAccept(source -> source.request(1));
                    if (bytes.buffers().stream().anyMatch(ByteBuffer::hasRemaining)) {
                        return bytes.buffers();
                    }
                }
                case End end -> {
                    parts.add(end); // for whoever asks again
                    if (end.reason() != null) {
                        throw new IOException(end.reason());
                    }
                    return List.of();
                }
            }
        }
    }

    /**
     * All of a short body.
     *
     * @return empty if it is longer than the limit
     */
    byte @Nullable [] all(int limit, Duration patience) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (List<ByteBuffer> next = take(patience); !next.isEmpty(); next = take(patience)) {
            for (ByteBuffer buffer : next) {
                if (all.size() + buffer.remaining() > limit) {
                    return null;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                all.writeBytes(bytes);
            }
        }
        return all.toByteArray();
    }

    /** Nobody wants it, but its end is let come if it is short: then the connection can be used again. */
    void discard() {
        discarding = true;
    }

    /** Nobody wants what has not come yet: the connection is given up. */
    @Override
    public void close() {
        subscription.thenAccept(Flow.Subscription::cancel);
    }
}
