package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShellTest {

    @Test
    void coloursAreForATerminalThatWantsThem() {
        assertEquals(false, new TestShell().shell().colourful());
        assertEquals(false, new TestShell().terminals(Shell.Stream.ERR, Shell.Stream.IN).shell().colourful());
        assertEquals(true, new TestShell().terminals(Shell.Stream.OUT).shell().colourful());
        assertEquals(false, new TestShell().terminals(Shell.Stream.OUT).set("NO_COLOR", "1").shell().colourful());
        assertEquals(true, new TestShell().terminals(Shell.Stream.OUT).set("NO_COLOR", "").shell().colourful());
        assertEquals(false, new TestShell().terminals(Shell.Stream.OUT).set("TERM", "dumb").shell().colourful());
    }

    @Test
    void theOptionWinsOverTheTerminal() {
        Shell plain = new TestShell().shell();
        Shell terminal = new TestShell().terminals(Shell.Stream.OUT).shell();
        assertEquals(true, Style.When.ALWAYS.on(plain));
        assertEquals(false, Style.When.NEVER.on(terminal));
        assertEquals(true, Style.When.AUTO.on(terminal));
    }

    @Test
    void resultsAreAsWideAsTheTerminalWithinReasonAndOtherwiseAlwaysTheSame() {
        assertEquals(100, new TestShell().columns(200).shell().width());
        assertEquals(90, new TestShell().columns(90).terminals(Shell.Stream.OUT).shell().width());
        assertEquals(140, new TestShell().columns(500).terminals(Shell.Stream.OUT).shell().width());
        assertEquals(40, new TestShell().columns(7).terminals(Shell.Stream.OUT).shell().width());
        assertEquals(100, new TestShell().columns(0).terminals(Shell.Stream.OUT).shell().width());
    }

    @Test
    void theCacheIsWhereTheEnvironmentSays() {
        assertEquals(Path.of("/c"), CacheFolder.path(new TestShell().set("RERANK4J_CACHE", "/c")
                .set("XDG_CACHE_HOME", "/x").shell()));
        assertEquals(Path.of("/x/rerank4j"), CacheFolder.path(new TestShell().set("XDG_CACHE_HOME", "/x")
                .set("HOME", "/h").shell()));
        assertEquals(Path.of("/h/.cache/rerank4j"), CacheFolder.path(new TestShell().set("HOME", "/h").shell()));
    }
}
