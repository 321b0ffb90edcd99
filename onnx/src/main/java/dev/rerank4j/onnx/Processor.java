package dev.rerank4j.onnx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a processor can do that decides about int8.
 *
 * @param arm whether it is an ARM processor
 * @param int8 what it calls its instructions that multiply bytes into 32-bit sums; empty if it has none, or if that
 *        could not be found out. Without them, an x86 processor adds two products of bytes in 16 bits, which saturates
 */
record Processor(boolean arm, Optional<String> int8) {

    /** As the Linux kernel spells them, and as people do; the best first. */
    private static final List<Map.Entry<String, String>> FLAGS = List.of(Map.entry("amx_int8", "AMX"),
            Map.entry("avx512_vnni", "AVX-512 VNNI"), Map.entry("avx_vnni", "AVX VNNI"), Map.entry("i8mm", "ARM I8MM"),
            Map.entry("asimddp", "ARM dot product"));

    /** The one that this runs on. */
    static Processor here() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""), Processor::linux);
    }

    /** @param read a file's text; empty if it cannot be read */
    static Processor of(String system, String architecture, Function<Path, String> read) {
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        if (system.startsWith("Mac")) {
            return new Processor(arm, arm ? Optional.of("ARM dot product") : Optional.empty()); // from the first M1 on
        }
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return new Processor(arm, Optional.empty()); // Windows tells native code alone
        }
        Set<String> flags = read.apply(Path.of("/proc/cpuinfo")).lines()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features")).limit(1)
                .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
                .collect(Collectors.toSet());
        return new Processor(arm,
                FLAGS.stream().filter(flag -> flags.contains(flag.getKey())).map(Map.Entry::getValue).findFirst());
    }

    /** As if it had no instructions for int8. */
    Processor withoutInt8() {
        return new Processor(arm, Optional.empty());
    }

    private static String linux(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
