package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogTest {

    private static String logged(boolean verbose) {
        TestShell shell = new TestShell();
        Log.to(new Diagnostics(shell.shell().err(), verbose));
        RuntimeException cause = new RuntimeException("cause");
        System.getLogger("dev.rerank4j.onnx.X").log(System.Logger.Level.WARNING, "ours\nin two lines", cause);
        System.getLogger("dev.rerank4j.onnx.X").log(System.Logger.Level.INFO, "ours, but no news");
        LoggerFactory.getLogger("org.example.Parser").warn("theirs: a font is missing");
        LoggerFactory.getLogger("org.example.Parser").error("theirs: {} is broken", "it");
        return shell.err();
    }

    @Test
    void ourWarningsAndTheErrorsOfOthersAreALineEach() {
        assertEquals("warning: ours in two lines\nerror: theirs: it is broken\n", logged(false));
    }

    @Test
    void verboseShowsTheRestAndWhereItHappened() {
        String logged = logged(true);
        assertTrue(logged.contains("warning: dev.rerank4j.onnx.X: ours in two lines\n"
                + "java.lang.RuntimeException: cause\n\tat "), logged);
        assertTrue(logged.contains("info: dev.rerank4j.onnx.X: ours, but no news\n"), logged);
        assertTrue(logged.contains("warning: org.example.Parser: theirs: a font is missing\n"), logged);
    }
}
