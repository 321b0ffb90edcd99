package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank eval} in processes that are killed and interrupted. */
@Timeout(600)
class EvalProcessTest {

    private static final String TICKETS = Path.of("../examples/tickets").toAbsolutePath().normalize().toString();

    @TempDir
    private Path folder;

    private Process start(String cache, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // What is started in the background of a script has interrupts ignored, and Java leaves them so.
        List<String> reset = List.of("env", "--default-signal=INT", "true");
        if (new ProcessBuilder(reset).start().waitFor() == 0) {
            command.addAll(reset.subList(0, 2));
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Drerank4j.terminals=2", "-Drerank4j.columns=120", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main", "eval", "--data", TICKETS, "--systems", "hybrid,hybrid+model", "--depth", "20",
                "--timing-queries", "0", "--verbose", "--json", "-"));
        command.addAll(List.of(more));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("RERANK4J_CACHE", folder.resolve(cache).toString());
        return process.start();
    }

    /** Waits until so many queries are done. */
    private static String until(Process process, int queries) throws IOException {
        StringBuilder err = new StringBuilder();
        Pattern bar = Pattern.compile("scoring.* ([0-9]+)/[0-9]+ ");
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

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private record Done(JsonNode report, int scored, int kept) {
    }

    private static Done finish(Process process) throws IOException, InterruptedException {
        StringBuilder err = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                err.append(text(process.getErrorStream()));
            } catch (IOException e) {
                err.append(e);
            }
        });
        String out = text(process.getInputStream());
        assertTrue(process.waitFor(500, TimeUnit.SECONDS), "it must come to an end");
        reader.join();
        assertEquals(0, process.exitValue(), err::toString);
        Matcher counts = Pattern.compile("([0-9,]+) pairs were scored, ([0-9,]+) are kept").matcher(err);
        assertTrue(counts.find(), err::toString);
        return new Done(Json.MAPPER.readTree(out), number(counts.group(1)), number(counts.group(2)));
    }

    private static int number(String text) {
        return Integer.parseInt(text.replace(",", ""));
    }

    @Test
    void killedOrInterruptedItGoesOnFromTheScoresItHas() throws Exception {
        Process killed = start("cache");
        until(killed, 3);
        killed.destroyForcibly();
        killed.waitFor();

        Process interrupted = start("cache");
        String err = until(interrupted, 6);
        assertEquals(0, new ProcessBuilder("kill", "-INT", "" + interrupted.pid()).start().waitFor());
        err += text(interrupted.getErrorStream());
        assertEquals("", text(interrupted.getInputStream()));
        assertTrue(interrupted.waitFor(120, TimeUnit.SECONDS));
        assertEquals(130, interrupted.exitValue(), err);
        Matcher said = Pattern.compile("interrupted; ([0-9,]+) scores are kept, and running this again goes on from "
                + "there").matcher(err);
        assertTrue(said.find(), err);
        int kept = number(said.group(1));
        assertTrue(kept >= 5 * 20, err);

        Done resumed = finish(start("cache"));
        assertEquals(resumed.kept() - kept, resumed.scored(), "only what was not scored before");
        assertTrue(resumed.scored() > 0, "it was interrupted before the end");

        Done fresh = finish(start("other"));
        assertEquals(fresh.kept(), fresh.scored());
        assertEquals(fresh.kept(), resumed.kept());
        assertEquals(fresh.report(), resumed.report());
    }
}
