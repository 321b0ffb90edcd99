package dev.rerank4j.lucene;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another process that writes an index: version after version of a few documents, a commit every few versions, each
 * reported on a line once it is made. It goes on until it is killed or its input ends.
 */
final class ChildProcess implements AutoCloseable {

    static final int DOCUMENTS = 20;
    static final int COMMIT_EVERY = 5;
    static final String PROGRESS = "progress";

    private final Process process;
    private final BufferedReader output;

    /** Starts it with the first version to write; none of them: it only holds the directory. */
    ChildProcess(Path directory, int firstVersion) throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "--enable-native-access=ALL-UNNAMED", "-Xmx256m",
                ChildProcess.class.getName(), directory.toString(), Integer.toString(firstVersion))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output = process.inputReader();
    }

    @Nullable
    String line() throws IOException {
        return output.readLine();
    }

    /** Kills it, as with kill -9. What it had printed by then can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // that of Process would close its output
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static String documentOf(int version) {
        return "d" + version % DOCUMENTS;
    }

    static int passagesOf(int version) {
        return 1 + version % 4;
    }

    static List<Passage> document(int version) {
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < passagesOf(version); i++) {
            passages.add(new Passage(documentOf(version) + "/" + i, documentOf(version), "",
                    "apple " + version + " " + i, Location.NONE, Map.of("version", Value.of(version))));
        }
        return passages;
    }

    public static void main(String[] args) throws IOException {
        try (LuceneIndex index = LuceneIndex.open(Path.of(args[0]), new WordEncoder(), "en")) {
            int version = Integer.parseInt(args[1]);
            if (version == 0) {
                index.mark("held", "by a child");
                System.out.println("held");
                System.in.read();
                return;
            }
            for (;; version++) {
                index.add(document(version));
                if (version % COMMIT_EVERY == 0) {
                    index.mark(PROGRESS, Integer.toString(version));
                    index.commit();
                    System.out.println(version);
                }
            }
        }
    }
}
