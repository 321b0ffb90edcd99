package dev.rerank4j.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process that is in RAM, as Linux counts it. */
final class ResidentSet {

    private ResidentSet() {
    }

    /** Now, in MiB. */
    static double now() {
        return mebibytes("VmRSS:");
    }

    /** The highest since {@link #forgetPeak}, in MiB. */
    static double peak() {
        return mebibytes("VmHWM:");
    }

    static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // see proc_pid_clear_refs(5)
        } catch (IOException e) {
            throw new UncheckedIOException("needs Linux", e);
        }
    }

    private static double mebibytes(String line) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith(line)).findFirst()
                    .map(l -> Double.parseDouble(l.replaceAll("\\D+", "")) / 1024).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("needs Linux", e);
        }
    }
}
