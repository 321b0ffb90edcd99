package dev.rerank4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A shell whose streams are strings. */
final class TestShell {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Set<Shell.Stream> terminals = Set.of();
    private int columns = 80;
    private String input = "";

    TestShell input(String text) {
        input = text;
        return this;
    }

    TestShell terminals(Shell.Stream... streams) {
        terminals = Set.of(streams);
        return this;
    }

    TestShell columns(int wide) {
        columns = wide;
        return this;
    }

    TestShell set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    TestShell cache(Path folder) {
        return set("RERANK4J_CACHE", folder.toString());
    }

    Shell shell() {
        return new Shell(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, false,
                        StandardCharsets.UTF_8),
                terminals, columns, environment);
    }

    /** Runs the command line and gives its exit code. */
    int run(String... args) {
        return Main.run(args, shell());
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
