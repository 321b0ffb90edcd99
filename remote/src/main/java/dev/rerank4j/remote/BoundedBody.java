package dev.rerank4j.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body, as long as it is not too long: a server may send for ever. For one answer. Of a refusal nothing is
 * read beyond a little, which is thrown away: it lets the connection be used again.
 */
final class BoundedBody implements BodySubscriber<byte[]> {

    /** The server sent more than it may. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final int LITTLE = 64 << 10;

    private final int most;
    private final boolean wanted;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private BoundedBody(int most, boolean wanted) {
        this.most = most;
        this.wanted = wanted;
    }

    /** @param most how many bytes it may have */
    static BoundedBody of(int most) {
        return new BoundedBody(most, true);
    }

    /** One that nobody reads. */
    static BoundedBody ignored() {
        return new BoundedBody(LITTLE, false);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (body.isDone()) {
                return;
            }
            if (buffer.remaining() > most - bytes.size()) {
                if (subscription != null) {
                    subscription.cancel();
                }
                if (wanted) {
                    body.completeExceptionally(new TooLong());
                } else {
                    body.complete(new byte[0]);
                }
                return;
            }
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.writeBytes(chunk);
        }
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
