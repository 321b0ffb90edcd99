package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubLockTest {

    @TempDir
    Path folder;

    @Test
    void aFolderThatIsReachedByTwoPathsHasOneLock() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        CountDownLatch asking = new CountDownLatch(1);
        FutureTask<Boolean> second = new FutureTask<>(() -> {
            asking.countDown();
            try (HubLock lock = HubLock.of(link.resolve("a.lock"))) {
                return true;
            }
        });
        Thread thread = Thread.ofPlatform().daemon().unstarted(second);
        try (HubLock first = HubLock.of(real.resolve("a.lock"))) {
            thread.start();
            asking.await();
            while (thread.getState() != Thread.State.WAITING && !second.isDone()) {
                Thread.onSpinWait();
            }
            assertFalse(second.isDone(), "the first still holds it");
        }
        assertTrue(second.get());
    }

    @Test
    void aLockThatThisProcessHoldsOtherwiseIsAsNone() throws IOException, InterruptedException {
        Path file = folder.resolve("b.lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock(); HubLock lock = HubLock.of(file)) {
            assertTrue(held.isValid());
        }
    }
}
