package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.ModelId;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {

    private static final HubOptions HUB = new HubOptions(URI.create("http://hub.example"), Optional.empty(),
            Path.of("/cache"), false);

    private boolean stop;
    private long now;

    private DownloadProgress progress(TestShell shell) {
        Shell real = shell.shell();
        return new DownloadProgress(ModelId.of("acme/tiny"), HUB, real, new Diagnostics(real.err(), false), () -> stop);
    }

    @Test
    void whereFromAndWhereToIsSaidOnceAndOnlyIfSomethingComes() {
        TestShell shell = new TestShell();
        try (DownloadProgress progress = progress(shell)) {
            assertEquals("", shell.err());
            progress.onBytes("config.json", 10, 10);
            progress.onBytes("model.onnx", 5, 100);
            progress.onBytes("model.onnx", 100, 100);
        }
        assertEquals("downloading acme/tiny from http://hub.example to /cache\n", shell.err());
    }

    @Test
    void whoeverWantsAnEndGetsItWithTheNextBytes() {
        TestShell shell = new TestShell();
        try (DownloadProgress progress = progress(shell)) {
            progress.onBytes("model.onnx", 5, 100);
            stop = true;
            InterruptedRun told = assertThrows(InterruptedRun.class, () -> progress.onBytes("model.onnx", 6, 100));
            assertTrue(told.getMessage().contains("what is downloaded of acme/tiny is kept"), told.getMessage());
        }
    }

    @Test
    void onATerminalThereIsABarOfTheFile() {
        TestShell shell = new TestShell();
        try (ProgressLine line = new ProgressLine(Progress.Work.DOWNLOADING, "onnx/model.onnx",
                new Diagnostics(shell.shell().err(), false), () -> now, 100)) {
            line.start(1, 400_000_000);
            now = 2_000_000_000L;
            line.at(100_000_000, 100_000_000);
        }
        assertTrue(shell.err().contains("onnx/model.onnx"), shell.err());
        assertTrue(shell.err().contains("100/400 MB"), shell.err());
        assertTrue(shell.err().contains(" 50.0 MB/s"), shell.err());
        assertTrue(shell.err().endsWith("\r\u001b[K"), shell.err());
    }

    @Test
    void elsewhereThereAreLines() {
        TestShell shell = new TestShell();
        try (Progress lines = new ProgressLines(Progress.Work.DOWNLOADING, "onnx/model.onnx",
                new Diagnostics(shell.shell().err(), false), () -> now, 5)) {
            lines.start(1, 400_000_000);
            now = 5_000_000_000L;
            lines.at(100_000_000, 100_000_000);
        }
        assertEquals("onnx/model.onnx: 25 %, 100.0 MB, 20.0 MB a second, about 15 s to go\n", shell.err());
    }
}
