package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What {@code regressions/*.yaml} expect of searches, measured. With {@code -Dregressions.print=true} every figure is
 * printed, for those who change what is expected; {@code -Dregressions.only=xquad} takes those files alone whose names
 * begin so.
 */
class RegressionsTest {

    private static final Path ROOT = Path.of("..");
    private static final Path SCRATCH = Path.of("target/regressions");
    private static final boolean PRINT = Boolean.getBoolean("regressions.print");

    private static final String ONLY = System.getProperty("regressions.only", "");

    private static Models models;

    @BeforeAll
    static void load() {
        models = Models.load(Config.DEFAULTS,
                new Downloads(new TestShell().shell(), new Diagnostics(System.err, false)));
    }

    @AfterAll
    static void close() {
        models.close();
    }

    @TestFactory
    Stream<DynamicContainer> figuresAreAsExpected() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(ROOT.resolve("regressions"))) {
            files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
        assertTrue(files.size() > 1, files::toString);
        return files.stream().filter(file -> file.getFileName().toString().startsWith(ONLY))
                .map(file -> DynamicContainer.dynamicContainer(file.getFileName().toString(),
                        tests(file)));
    }

    private static Stream<DynamicTest> tests(Path file) {
        try {
            Regression regression = Regression.read(file);
            Optional<Path> collection = collection(regression.collection());
            Optional<RegressionRun> run = collection.map(
                    folder -> new RegressionRun(regression, folder, SCRATCH.resolve("indexes"), models));
            return regression.expected().stream().map(expectation -> DynamicTest.dynamicTest(expectation.title(),
                    file.toUri(), () -> {
                        assumeTrue(run.isPresent(), () -> "there is no " + SharedCollections.ARCHIVE
                                + "; -Drerank4j.shared=DIR names another place");
                        check(file, expectation, run.orElseThrow());
                    }));
        } catch (IOException e) {
            return Stream.of(DynamicTest.dynamicTest("can be read", () -> {
                throw e;
            }));
        }
    }

    private static Optional<Path> collection(String name) throws IOException {
        return name.startsWith(Regression.SHARED)
                ? SharedCollections.unpack(name.substring(Regression.SHARED.length()), SCRATCH.resolve("data"))
                : Optional.of(ROOT.resolve(name));
    }

    private static void check(Path file, Regression.Expectation expected, RegressionRun run) {
        long start = System.nanoTime();
        double measured = run.measure(expected.system(), expected.metric());
        if (PRINT) {
            System.out.printf(Locale.ROOT, "%-22s %-10s %-8s %.4f   (%s; %.1f s)%n", file.getFileName(),
                    expected.system(), expected.metric(), measured, expected.title(),
                    (System.nanoTime() - start) / 1e9);
        }
        String what = file.getFileName() + ", " + expected.title() + "; if the change is meant, measure with "
                + "-Dregressions.print=true and write down the new figure";
        if (expected.notBelow() == null) {
            assertEquals(expected.value(), measured, expected.within(), what);
        } else {
            double floor = run.measure(expected.notBelow(), expected.metric());
            assertTrue(measured >= floor - expected.within(), () -> what + ": " + measured + " against " + floor);
        }
    }
}
