package dev.rerank4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, which says on its standard error at which port it answers. */
final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final int port;

    private ServerProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * {@code rerank serve} as users start it, from the launcher in the working directory.
     *
     * @param javaOptions such as {@code -Xmx512m}; may be empty
     * @param settings of the section {@code server} of the configuration, as YAML, such as {@code queue-tokens: 64}; may be
     *        empty
     * @param arguments more of the command line
     */
    static ServerProcess rerank(String javaOptions, String settings, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./rerank", "serve", "--port", "0"));
        if (!settings.isEmpty()) {
            Path config = Files.createTempFile("bench", ".yaml");
            config.toFile().deleteOnExit();
            Files.writeString(config, "server: {" + settings + "}\n");
            command.addAll(List.of("--config", config.toString()));
        }
        command.addAll(List.of(arguments));
        return start(command, Map.of("RERANK4J_JAVA_OPTS", javaOptions), "answers at http://[^ ]*:(\\d+)/");
    }

    /** The server of bench/python, by the Python that has its requirements. */
    static ServerProcess python(String python, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(python, "bench/python/server.py"));
        command.addAll(List.of(arguments));
        return start(command, Map.of(), "running on http://[^ ]*:(\\d+)");
    }

    private static ServerProcess start(List<String> command, Map<String, String> environment, String ready)
            throws Exception {
        Path log = Files.createTempFile("bench", ".log");
        log.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this program is cut off
        Pattern line = Pattern.compile(ready);
        for (int tenths = 0; tenths < 3000 && process.isAlive(); tenths++) {
            Matcher matcher = line.matcher(Files.readString(log));
            if (matcher.find()) {
                return new ServerProcess(process, log, Integer.parseInt(matcher.group(1)));
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " did not start: " + Files.readString(log));
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    String output() throws IOException {
        return Files.readString(log);
    }

    /** Of the process, in KiB. Linux only. */
    long residentSet() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
