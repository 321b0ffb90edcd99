package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"flags\t\t: fpu sse2 avx2 avx512f avx512_vnni gfni|AVX-512 VNNI",
            "flags\t\t: fpu sse2 avx2 avx_vnni|AVX VNNI", "flags\t\t: avx512_vnni amx_tile amx_int8|AMX",
            "flags\t\t: fpu sse2 avx2 avx512f avx512bw|", "flags\t\t: xavx512_vnni vnni|",
            "Features\t: fp asimd asimddp|ARM dot product", "Features\t: fp asimd asimddp i8mm|ARM I8MM",
            "Features\t: fp asimd|", "bugs\t\t: avx512_vnni|", "|"})
    void linuxTellsItsFlags(String line, String int8) {
        String file = "processor\t: 0\nmodel name\t: Some avx512_vnni\n" + line + "\n\nprocessor\t: 1\n";
        assertEquals(Optional.ofNullable(int8), Processor.of("Linux", "amd64", path -> file).int8());
    }

    @Test
    void linuxIsAskedInItsFile() {
        Processor.of("Linux", "aarch64", path -> {
            assertEquals(Path.of("/proc/cpuinfo"), path);
            return "";
        });
    }

    @Test
    void elsewhereWhatIsKnownCounts() {
        assertEquals(new Processor(true, Optional.of("ARM dot product")),
                Processor.of("Mac OS X", "aarch64", path -> ""));
        assertEquals(new Processor(false, Optional.empty()), Processor.of("Mac OS X", "x86_64", path -> ""));
        assertEquals(new Processor(false, Optional.empty()), Processor.of("Windows 11", "amd64", path -> ""));
        assertTrue(Processor.of("Linux", "aarch64", path -> "").arm());
        assertFalse(Processor.here().withoutInt8().int8().isPresent());
    }
}
