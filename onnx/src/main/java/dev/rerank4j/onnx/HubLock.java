package dev.rerank4j.onnx;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Held by the one who downloads a file, against the other threads of this process and against other processes of ours;
 * Python's locks are of another kind, and on some network disks there are none. So it saves work, and no wrong byte depends
 * on it: what is downloaded has a name of its own until it is whole. Without it, of two downloads at once one may fail,
 * because the other took up what it had begun.
 */
final class HubLock implements AutoCloseable {

    /** The system's locks are the process's, not the thread's. */
    private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private HubLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /** Waits until nobody else holds it. */
    static HubLock of(Path file) throws IOException, InterruptedException {
        // By its real path: a cache may be reached by several.
        Path real = Files.createDirectories(file.getParent()).toRealPath().resolve(file.getFileName());
        ReentrantLock thread = THREADS.computeIfAbsent(real, path -> new ReentrantLock());
        thread.lockInterruptibly();
        boolean held = false;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock(channel);
            held = true;
            return new HubLock(thread, channel);
        } finally {
            if (!held) {
                thread.unlock();
            }
        }
    }

    /** Takes the system's lock, or closes the channel. */
    private static void lock(FileChannel channel) throws IOException, InterruptedException {
        try {
            channel.lock();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            channel.close();
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException | OverlappingFileLockException e) {
            // this disk has none, or this library is loaded twice in this process
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.unlock();
        }
    }
}
