package dev.rerank4j.onnx;

import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file on its way into the cache: resumed where it was cut, checked at the end. Used once. */
final class Download {

    private static final int STEP = 1 << 18; // bytes between two reports
    /** A connection that brings less before it breaks counts as one that failed. */
    private static final long WORTHWHILE = 1 << 20;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/.*");

    private final HubClient client;
    private final HubFolder folder;
    private final String commit;
    private final String path;
    private final String etag;
    private final long size;
    private final HubProgress progress;
    private Checksum checksum;
    private long done;
    private long furthest;
    private long told;

    /**
     * @param entry with its size and etag
     */
    Download(HubClient client, HubFolder folder, String commit, HubListing.Entry entry, HubProgress progress) {
        this.client = client;
        this.folder = folder;
        this.commit = commit;
        this.progress = progress;
        path = entry.path();
        etag = entry.etag().orElseThrow();
        size = entry.size();
        checksum = new Checksum(etag, size);
    }

    /**
     * Makes the blob, unless it is there. Where that fails, what has come remains for the next attempt, unless it was
     * wrong.
     *
     * @return false if it was there
     * @throws IOException if the cache cannot be written
     */
    boolean run() throws IOException, HubTrouble, InterruptedException {
        try (HubLock lock = folder.lock(etag)) {
            if (folder.hasBlob(etag, size)) {
                return false;
            }
            Path partial = folder.partial(etag);
            Optional<HubTrouble> wrong;
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                readBack(channel);
                furthest = done;
                boolean resumed = done > 0;
                folder.space(size - done);
                wrong = receive(channel);
                if (wrong.isPresent() && resumed) { // perhaps only what an earlier attempt left was
                    startAgain(channel);
                    furthest = 0;
                    wrong = receive(channel);
                }
            }
            if (wrong.isPresent()) {
                Files.delete(partial);
                throw wrong.get();
            }
            Files.move(partial, folder.blob(etag), StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }

    /** What an earlier attempt left is the beginning. */
    private void readBack(FileChannel channel) throws IOException {
        if (channel.size() > size) {
            channel.truncate(0);
        }
        ByteBuffer buffer = ByteBuffer.allocate(STEP);
        while (channel.read(buffer.clear()) >= 0) {
            checksum.update(buffer.flip());
            done += buffer.limit();
        }
    }

    private void startAgain(FileChannel channel) throws IOException {
        channel.truncate(0);
        checksum = new Checksum(etag, size);
        done = 0;
        told = 0;
    }

    /** @return what is wrong with the bytes, once as many are there as there should be */
    private Optional<HubTrouble> receive(FileChannel channel) throws IOException, HubTrouble, InterruptedException {
        progress.onBytes(path, done, size);
        while (done < size) {
            if (!HubClient.retrying(client.patience(), () -> receivePart(channel))) {
                return Optional.of(HubTrouble.lasting(Kind.MODEL, path + " is longer than the " + size
                        + " bytes that the hub announced: it is not kept"));
            }
        }
        return checksum.matches()
                ? Optional.empty()
                : Optional
                        .of(HubTrouble.lasting(Kind.MODEL, path + " is damaged or is another file: its checksum is not"
                                + " the one that the hub names; it is not kept, try again later"));
    }

    /**
     * All that one connection brings.
     *
     * @return false if there is more than there should be
     */
    private boolean receivePart(FileChannel channel) throws IOException, HubTrouble, InterruptedException {
        try (HubReply reply = client.open(commit, path, done)) {
            if (start(reply) != done) {
                startAgain(channel);
                if (reply.status() != 200) {
                    throw HubTrouble.passing(reply.place() + " sends another part of " + path + " than was asked for",
                            (Throwable) null);
                }
            }
            while (true) {
                List<ByteBuffer> next;
                try {
                    next = reply.body().take(client.patience().silence());
                } catch (IOException e) {
                    if (cameFurther()) {
                        return true; // the rest is asked for anew
                    }
                    throw client.failed(reply, e);
                }
                if (next.isEmpty()) {
                    if (done == size || cameFurther()) {
                        return true;
                    }
                    throw HubTrouble.passing(reply.place() + " sent less of " + path + " than it announced",
                            (Throwable) null);
                }
                for (ByteBuffer bytes : next) {
                    if (done + bytes.remaining() > size) {
                        return false;
                    }
                    take(channel, bytes);
                }
            }
        }
    }

    /** Whether a connection brought what none did before: one that begins anew each time does not. */
    private boolean cameFurther() {
        boolean further = done - furthest >= WORTHWHILE;
        furthest = Math.max(furthest, done);
        return further;
    }

    /** @return which byte comes first; -1 if none of use */
    private static long start(HubReply reply) {
        if (reply.status() == 200) {
            return 0;
        }
        Matcher range = RANGE.matcher(reply.header("Content-Range").orElse(""));
        return reply.status() == 206 && range.matches() ? Long.parseLong(range.group(1)) : -1;
    }

    private void take(FileChannel channel, ByteBuffer bytes) throws IOException {
        checksum.update(bytes);
        while (bytes.hasRemaining()) {
            done += channel.write(bytes);
        }
        if (done - told >= STEP || done == size) {
            told = done;
            progress.onBytes(path, done, size);
        }
    }
}
