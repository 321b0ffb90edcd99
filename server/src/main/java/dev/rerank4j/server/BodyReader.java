package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies, within the limit of one and within that of all that are held at once: what would not fit into memory is
 * refused, not tried. Bytes count, and take memory, as they come, so that a promise of many holds no place.
 */
final class BodyReader {

    /** No body. */
    static final Body NOTHING = new Body() {
        @Override
        public byte[] bytes() {
            return new byte[0];
        }

        @Override
        public void close() {
            // holds nothing
        }
    };

    private static final int SLICE = 1 << 16;

    private final long most;
    private final long mostTogether;
    private final AtomicLong held = new AtomicLong();

    BodyReader(long most) {
        this(most, Math.max(most, Runtime.getRuntime().maxMemory() / 8));
    }

    BodyReader(long most, long mostTogether) {
        this.most = most;
        this.mostTogether = mostTogether;
    }

    /** To be closed when neither the body nor anything made of it is needed any more. */
    interface Body extends AutoCloseable {

        byte[] bytes();

        @Override
        void close();
    }

    /**
     * Reads a body. If it is refused, the rest of it may still be on its way.
     *
     * @throws Refusal if it is too large, or not here before the deadline, or there is no place for it
     */
    Body read(ServerRequest request, Deadline deadline) {
        if (!request.content().hasEntity()) {
            return NOTHING;
        }
        if (request.headers().contains(HeaderNames.CONTENT_LENGTH)
                && request.headers().contentLength().orElse(0) > most) {
            throw tooLarge(false);
        }
        Held body = new Held();
        try {
            body.fill(request.content().inputStream(), deadline);
            return body;
        } catch (RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    private int next(InputStream in, byte[] slice) {
        try {
            return in.read(slice);
        } catch (RequestException e) {
            throw e.status().equals(Status.REQUEST_ENTITY_TOO_LARGE_413) ? tooLarge(true) : broken();
        } catch (IllegalArgumentException e) { // a length beyond all numbers
            throw broken();
        } catch (IOException | DataReader.InsufficientDataAvailableException | ServerConnectionException e) {
            throw new CloseConnectionException("the client has gone away", e);
        }
    }

    private static Refusal broken() {
        return new Refusal(Reason.MALFORMED, "the chunks of the body must be as HTTP/1.1 has them", true);
    }

    private Refusal tooLarge(boolean last) {
        return new Refusal(Reason.TOO_LARGE, "the body must be at most " + most + " bytes: send fewer or shorter "
                + "documents at once", last);
    }

    private final class Held implements Body {

        private byte[] bytes = new byte[0];
        private long charged;

        private void fill(InputStream in, Deadline deadline) {
            ByteArrayOutputStream all = new ByteArrayOutputStream(SLICE);
            byte[] slice = new byte[SLICE];
            for (int n = next(in, slice); n >= 0; n = next(in, slice)) {
                if (deadline.expired()) {
                    throw new Refusal(Reason.SLOW, "the body did not arrive in time: send it faster");
                }
                if (charged + n > most) {
                    throw tooLarge(false);
                }
                charged += n;
                if (held.addAndGet(n) > mostTogether) {
                    throw new Refusal(Reason.OVERLOADED, "too many large requests at once; try again later");
                }
                all.write(slice, 0, n);
            }
            bytes = all.toByteArray();
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            held.addAndGet(-charged);
            charged = 0;
        }
    }
}
