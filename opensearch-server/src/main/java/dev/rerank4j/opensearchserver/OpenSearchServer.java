package dev.rerank4j.opensearchserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real OpenSearch on a free port of this machine, in a process of its own with a class path of its own. For tests and
 * benchmarks: it lets everybody in.
 */
public final class OpenSearchServer implements AutoCloseable {

    private final Process process;
    private final Path data;
    private final URI address;

    private OpenSearchServer(Process process, Path data, URI address) {
        this.process = process;
        this.data = data;
        this.address = address;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param target the {@code target} directory of this module, which names the class path
     * @param work where a directory for its data is made; it is emptied when the server is closed
     * @param heap of the server, such as {@code 512m}
     */
    public static OpenSearchServer start(Path target, Path work, String heap) throws IOException {
        Path data = Files.createTempDirectory(Files.createDirectories(work), "opensearch");
        Path log = data.resolveSibling(data.getFileName() + ".log");
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", classPath(target),
                Node.class.getName(), data.toString());
        command.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = command.redirectError(log.toFile()).start();
        try {
            return new OpenSearchServer(process, data, URI.create("http://127.0.0.1:" + port(process, log)));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String port(Process process, Path log) throws IOException {
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null || !line.startsWith("port ")) {
            throw new IOException("OpenSearch did not start, see " + log);
        }
        return line.substring("port ".length());
    }

    private static String classPath(Path target) throws IOException {
        List<String> path = new ArrayList<>(List.of(target.resolve("classes").toString(),
                Files.readString(target.resolve("class-path.txt")).strip()));
        try (Stream<Path> plugin = Files.list(target.resolve("plugins").resolve("opensearch-knn"))) {
            plugin.filter(file -> file.toString().endsWith(".jar")).sorted().map(Path::toString).forEach(path::add);
        }
        return String.join(System.getProperty("path.separator"), path);
    }

    /** Where it answers. */
    public URI address() {
        return address;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Ends it and removes its data. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
