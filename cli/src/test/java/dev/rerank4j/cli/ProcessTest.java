package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command in processes of its own: signals, pipes, two at once. */
@Timeout(300)
class ProcessTest {

    private static final String HANDBOOK = Path.of("../examples/handbook/docs").toAbsolutePath().normalize().toString();

    @TempDir
    private Path folder;

    private List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(),
                "--enable-native-access=ALL-UNNAMED", "-Drerank4j.terminals=2", "-Drerank4j.columns=120", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main"));
        command.addAll(List.of(args));
        return command;
    }

    /**
     * What is started in the background of a script has interrupts ignored, its children too, and Java leaves them so:
     * then this test would wait in vain.
     */
    static List<String> interruptible(List<String> command) throws IOException, InterruptedException {
        List<String> reset = List.of("env", "--default-signal=INT");
        List<String> probe = new ArrayList<>(reset);
        probe.add("true");
        boolean known = new ProcessBuilder(probe).start().waitFor() == 0; // not by the env of macOS
        List<String> all = new ArrayList<>(known ? reset : List.of());
        all.addAll(command);
        return all;
    }

    private ProcessBuilder process(List<String> command) {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("RERANK4J_CACHE", folder.resolve("cache").toString());
        return process;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int code(Process process) throws InterruptedException {
        assertTrue(process.waitFor(240, TimeUnit.SECONDS), "it must come to an end");
        return process.exitValue();
    }

    @Test
    void interruptedItCommitsSaysSoAndGoesOnTheNextTime() throws Exception {
        StringBuilder lines = new StringBuilder();
        int many = 30_000;
        for (int i = 0; i < many; i++) {
            lines.append("{\"id\": \"d").append(i).append("\", \"text\": \"this is the text of number ").append(i)
                    .append("\"}\n");
        }
        Path file = Files.writeString(folder.resolve("many.jsonl"), lines);
        String index = folder.resolve("index").toString();
        List<String> command = interruptible(command("index", "--index", index, file.toString()));
        Process process = process(command).start();
        StringBuilder err = new StringBuilder();
        Pattern working = Pattern.compile("[1-9][0-9,]* passages");
        InputStream stream = process.getErrorStream();
        byte[] buffer = new byte[4096];
        while (!working.matcher(err).find()) {
            int n = stream.read(buffer);
            assertTrue(n > 0, () -> "ended before it began: " + err);
            err.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
        assertEquals(0, new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor());
        err.append(text(stream));
        String out = text(process.getInputStream());
        assertEquals(130, code(process), err::toString);
        assertTrue(err.toString().contains("stopping after this batch"), err::toString);
        assertTrue(err.toString().strip().endsWith("running this again goes on from there"), err::toString);
        Matcher summary = Pattern.compile("(?s)([0-9,]+) documents in .*").matcher(out.strip());
        assertTrue(summary.matches(), out);
        int done = Integer.parseInt(summary.group(1).replace(",", ""));
        assertTrue(done > 0 && done < many, out);

        Files.writeString(file, String.join("\n", lines.toString().lines().limit(done + 5).toList()));
        TestShell again = new TestShell();
        assertEquals(0, again.run("index", "--index", index, file.toString()), again::err);
        assertTrue(again.out().startsWith(Units.count(done + 5) + " documents"), again.out());
        assertTrue(again.out().contains(": 5 added, 0 changed, 0 removed, " + Units.count(done) + " unchanged"),
                again.out());
    }

    @Test
    void aReaderThatGoesAwayEndsItQuietly() throws Exception {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            input.append("candidate ").append(i).append(" ").append("x".repeat(2000)).append('\n');
        }
        Path candidates = Files.writeString(folder.resolve("candidates"), input);
        Path err = folder.resolve("err");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "\"$@\" < '" + candidates + "' 2> '" + err
                + "' | head -n 1", "sh"));
        shell.addAll(command("rerank", "number 17"));
        Process process = process(shell).start();
        String out = text(process.getInputStream());
        assertEquals(0, code(process));
        assertEquals(1, out.lines().count());
        assertEquals("", Files.readString(err));
    }

    @Test
    void aQueryAsLongAsACommandLineMayBeIsNoReasonToDie() throws Exception {
        List<String> command = command("rerank", "word ".repeat(20_000));
        Process process = process(command).redirectInput(Files.writeString(folder.resolve("one"), "candidate\n")
                .toFile()).start();
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream());
        assertEquals(2, code(process), err);
        assertEquals("", out);
        assertTrue(err.startsWith("rerank: the query has 20000 tokens"), err);
    }

    @Test
    void twoSearchesOfTheSameDocumentsAtOnceBothAnswer() throws Exception {
        Process first = process(command("search", "--docs", HANDBOOK, "days of leave")).start();
        Process second = process(command("search", "--docs", HANDBOOK, "days of leave")).start();
        String one = text(first.getInputStream());
        String two = text(second.getInputStream());
        String err = text(first.getErrorStream()) + text(second.getErrorStream());
        assertEquals(0, code(first), err);
        assertEquals(0, code(second), err);
        assertEquals(one, two);
        assertTrue(one.contains("leave.md"), one);
    }

    @Test
    void killedDuringAFirstSearchTheNextOneAnswers() throws Exception {
        Process first = process(command("search", "--docs", HANDBOOK, "days of leave")).start();
        Path indexes = folder.resolve("cache/indexes");
        while (first.isAlive() && !isBegun(indexes)) {
            Thread.onSpinWait();
        }
        first.destroyForcibly();
        first.waitFor();
        Process second = process(command("search", "--docs", HANDBOOK, "days of leave")).start();
        assertTrue(text(second.getInputStream()).contains("leave.md"));
        assertEquals(0, code(second), text(second.getErrorStream()));
    }

    private static boolean isBegun(Path indexes) throws IOException {
        if (!Files.isDirectory(indexes)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(indexes)) {
            return all.anyMatch(path -> path.getFileName().toString().equals(DocsIndex.PATHS));
        } catch (UncheckedIOException e) {
            return false; // something vanished under our eyes
        }
    }

    @Test
    void logsOfLibrariesStayOffTheStreams() throws Exception {
        Process process = process(command("search", "--docs", HANDBOOK + "/leave.md", "days of leave")).start();
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream()).replaceAll("\r\u001b\\[K[^\r\n]*", "");
        assertEquals(0, code(process), err);
        assertEquals("", err);
        assertTrue(out.startsWith("  1  "), out);
    }
}
