package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private long now;

    @Test
    void linesComeEveryFewSecondsWithRateAndRest() {
        TestShell shell = new TestShell();
        try (Progress progress = new ProgressLines(Progress.Work.INDEXING, "indexing",
                new Diagnostics(shell.shell().err(), false),
                () -> now, 5)) {
            progress.start(3, 1000);
            now = 4_999_000_000L;
            progress.at(100, 10);
            assertEquals("", shell.err());
            now = 5_000_000_000L;
            progress.at(250, 100);
            now = 6_000_000_000L;
            progress.at(300, 120);
            now = 10_000_000_000L;
            progress.at(500, 1200);
        }
        assertEquals("""
                indexing: 25 %, 100 passages, 20 a second, about 15 s to go
                indexing: 50 %, 1,200 passages, 120 a second, about 10 s to go
                """, shell.err());
    }

    @Test
    void messagesDoNotTearTheBar() {
        TestShell shell = new TestShell();
        Diagnostics diagnostics = new Diagnostics(shell.shell().err(), false);
        diagnostics.bar("=====>");
        diagnostics.warn("a.md: broken\nreally");
        diagnostics.clearBar();
        diagnostics.say("done");
        assertEquals("\r\u001b[K=====>\r\u001b[Kwarning: a.md: broken really\n=====>\r\u001b[Kdone\n", shell.err());
    }

    @Test
    void theBarIsGoneWhenTheWorkIsDone() {
        TestShell shell = new TestShell();
        try (ProgressLine progress = new ProgressLine(Progress.Work.INDEXING, "indexing",
                new Diagnostics(shell.shell().err(), false), () -> now, 80)) {
            progress.start(1, 10_000);
            now = 1_000_000_000L;
            progress.at(10_000, 7);
        }
        assertTrue(shell.err().contains(" 7 passages, 7/s"), shell.err());
        assertTrue(shell.err().contains("100%"), shell.err());
        assertTrue(shell.err().endsWith("\r\u001b[K"), shell.err());
    }

    @Test
    void whatIsDoneInAMomentShowsNoBar() {
        TestShell shell = new TestShell();
        try (ProgressLine progress = new ProgressLine(Progress.Work.INDEXING, "indexing",
                new Diagnostics(shell.shell().err(), false), () -> now, 80)) {
            progress.start(1, 10_000);
            now = 999_999_999L;
            progress.at(10_000, 7);
        }
        assertEquals("", shell.err());
    }

    @Test
    void theSummarySaysWhatHappened() {
        SyncReport report = new SyncReport(1400, 3120, 12, 3, 1, 61, Duration.ofMillis(2000), false);
        assertEquals("1,400 documents in 3,120 passages: 12 added, 3 changed, 1 removed, 1,385 unchanged; 2.0 s, "
                + "31 passages a second", report.summary());
    }
}
