package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies, within the limit of one and within that of all that are held at once: what would not fit into memory is
 * refused, not tried. Bytes count as they come, so that a promise of many holds no place.
 */
final class BodyReader {

    private static final int SLICE = 1 << 16;

    /** How much of a body that is too large is taken off the wire, so that the client is there to read the answer. */
    private static final long MOST_DRAINED = 256L << 20;

    private final long most;
    private final long mostTogether;
    private final AtomicLong held = new AtomicLong();

    BodyReader(long most) {
        this.most = most;
        mostTogether = Math.max(most, Runtime.getRuntime().maxMemory() / 8);
    }

    /** To be closed when the body is no longer needed. */
    interface Body extends AutoCloseable {

        byte[] bytes();

        @Override
        void close();
    }

    /**
     * @throws Refusal if it is too large, or not here before the deadline, or there is no place for it
     */
    Body read(ServerRequest request, Deadline deadline) {
        if (!request.content().hasEntity()) {
            return new Held(new byte[0], 0);
        }
        long promised = length(request);
        InputStream in = request.content().inputStream();
        if (promised > most) {
            if (!request.headers().contains(HeaderValues.EXPECT_100)) {
                drain(in, deadline);
            }
            throw tooLarge();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(SLICE); // a promise of many takes no memory
        long charged = 0;
        boolean whole = false;
        try {
            byte[] slice = new byte[SLICE];
            for (int n = in.read(slice); n >= 0; n = in.read(slice)) {
                if (deadline.expired()) {
                    throw new Refusal(Reason.SLOW, "the body did not arrive in time: send it faster, or ask for more "
                            + "with X-Request-Timeout-Ms");
                }
                if (bytes.size() + n > most) {
                    drain(in, deadline);
                    throw tooLarge();
                }
                if (held.addAndGet(n) > mostTogether) {
                    charged += n;
                    throw new Refusal(Reason.OVERLOADED, "too many large requests at once; try again later");
                }
                charged += n;
                bytes.write(slice, 0, n);
            }
            whole = true;
            return new Held(bytes.toByteArray(), charged);
        } catch (IOException e) {
            throw new Refusal(Reason.MALFORMED, "the body broke off");
        } finally {
            if (!whole) {
                held.addAndGet(-charged);
            }
        }
    }

    private static long length(ServerRequest request) {
        return request.headers().contains(HeaderNames.CONTENT_LENGTH) ? request.headers().contentLength().orElse(0) : 0;
    }

    private void drain(InputStream in, Deadline deadline) {
        try {
            byte[] slice = new byte[SLICE];
            long left = MOST_DRAINED;
            for (int n = in.read(slice); n >= 0 && left > 0 && !deadline.expired(); n = in.read(slice)) {
                left -= n;
            }
        } catch (IOException | RuntimeException e) {
            // gone: then nobody waits for an answer either
        }
    }

    private Refusal tooLarge() {
        return new Refusal(Reason.TOO_LARGE, "the body must be at most " + most + " bytes: send fewer or shorter "
                + "documents at once");
    }

    private final class Held implements Body {

        private final byte[] bytes;
        private final long charged;

        private Held(byte[] bytes, long charged) {
            this.bytes = bytes;
            this.charged = charged;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            held.addAndGet(-charged);
        }
    }
}
