package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank candidates} in processes that are killed and interrupted. */
@Timeout(600)
class CandidatesProcessTest {

    private static final String TICKETS = Path.of("../examples/tickets").toAbsolutePath().normalize().toString();

    @TempDir
    private Path folder;

    private Process start(String cache, Path out) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // What is started in the background of a script has interrupts ignored, and Java leaves them so.
        List<String> reset = List.of("env", "--default-signal=INT", "true");
        if (new ProcessBuilder(reset).start().waitFor() == 0) {
            command.addAll(reset.subList(0, 2));
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Drerank4j.terminals=2", "-Drerank4j.columns=120", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main", "candidates", "--data", TICKETS, "--depth", "20", "--out", out.toString()));
        ProcessBuilder process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        process.environment().put("RERANK4J_CACHE", folder.resolve(cache).toString());
        return process.start();
    }

    /** Waits until so many queries are done. */
    private static String until(Process process, int queries) throws IOException {
        StringBuilder err = new StringBuilder();
        Pattern bar = Pattern.compile("candidates.* ([0-9]+)/[0-9]+ ");
        InputStream stream = process.getErrorStream();
        byte[] buffer = new byte[4096];
        while (true) {
            int n = stream.read(buffer);
            assertTrue(n > 0, () -> "ended too early: " + err);
            err.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            Matcher seen = bar.matcher(err);
            while (seen.find()) {
                if (Integer.parseInt(seen.group(1)) >= queries) {
                    return err.toString();
                }
            }
        }
    }

    private static String rest(Process process, int code) throws IOException, InterruptedException {
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), "it must come to an end");
        assertEquals(code, process.exitValue(), err);
        return err;
    }

    @Test
    void killedOrInterruptedThereIsNoFileAndRunAgainItIsTheSameAsIfNothingHadHappened() throws Exception {
        Path out = folder.resolve("candidates.jsonl");
        Path part = folder.resolve("candidates.jsonl.part");
        Process killed = start("cache", out);
        until(killed, 3);
        killed.destroyForcibly();
        killed.waitFor();
        assertFalse(Files.exists(out), "what is not whole has not the name");

        Process interrupted = start("cache", out);
        until(interrupted, 6);
        assertEquals(0, new ProcessBuilder("kill", "-INT", "" + interrupted.pid()).start().waitFor());
        String err = rest(interrupted, ExitCode.INTERRUPTED);
        Matcher said = Pattern.compile("interrupted; ([0-9,]+) scores are kept, and running this again goes on from "
                + "there").matcher(err);
        assertTrue(said.find(), err);
        assertTrue(Integer.parseInt(said.group(1)) >= 5 * 20, err);
        assertFalse(Files.exists(out) || Files.exists(part), "nothing is left");

        rest(start("cache", out), 0);
        assertFalse(Files.exists(part), "nor is what a killed process left");
        Path fresh = folder.resolve("fresh.jsonl");
        rest(start("other", fresh), 0);
        assertEquals(-1, Files.mismatch(out, fresh));
        assertEquals(24, Files.readAllLines(out).size());
    }
}
