package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a program that echoes, in a distribution and in a clone with a Maven that pretends. */
@Timeout(120)
class LauncherTest {

    private static final Path LAUNCHER = Path.of("../rerank");
    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir
    private Path folder;

    private Path jar;
    private final Map<String, String> environment = new TreeMap<>();

    private record Answer(int code, String out, String err) {
    }

    @BeforeEach
    void makeJar() throws IOException {
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("JAVA_HOME", JAVA_HOME);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, EchoMain.class.getName());
        jar = folder.resolve("echo.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream type = EchoMain.class.getResourceAsStream("EchoMain.class")) {
            out.putNextEntry(new JarEntry(EchoMain.class.getName().replace('.', '/') + ".class"));
            type.transferTo(out);
        }
    }

    private Path distribution(String name) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(name).resolve("bin"));
        Files.createDirectories(bin.resolveSibling("lib"));
        Files.copy(jar, bin.resolveSibling("lib").resolve("rerank4j-cli-1.jar"));
        return Files.copy(LAUNCHER, bin.resolve("rerank"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** A Java home that says it has this version, and is the real one or does nothing but fail. */
    private Path javaHome(String name, String version, boolean real) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/java"), real ? "exec '" + JAVA_HOME + "/bin/java' \"$@\"" : "exit 99");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static Path executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().clear();
        process.environment().putAll(environment);
        return process.start();
    }

    private Answer run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), out, err);
    }

    @Test
    void argumentsAndTheExitCodeComeThrough() throws Exception {
        String launcher = distribution("dist").toString();
        Answer answer = run(launcher, "a b", "", "*", "$HOME", "'\"\\", "größe 两");
        assertTrue(answer.out().endsWith("[a b]\n[]\n[*]\n[$HOME]\n['\"\\]\n[größe 两]\n"), answer.out() + answer.err());
        assertTrue(answer.out().contains("terminals ; columns 0"), answer.out());
        assertEquals("", answer.err());
        assertEquals(7, run(launcher, "fail").code());
    }

    @Test
    void itWorksThroughLinksAndWithBlanksInNames() throws Exception {
        Path launcher = distribution("a folder/of mine");
        Path links = Files.createDirectories(folder.resolve("my links"));
        Files.createSymbolicLink(links.resolve("first"), Path.of("..").resolve(folder.relativize(launcher)));
        Files.createSymbolicLink(links.resolve("rr"), Path.of("first"));
        assertEquals(0, run(links.resolve("rr").toString(), "x").code());
        environment.put("PATH", links + ":" + environment.get("PATH"));
        Answer byName = run("sh", "-c", "rr x");
        assertTrue(byName.out().endsWith("[x]\n"), byName.err());
        Answer relative = run("sh", "-c", "cd 'a folder/of mine/bin' && ./rerank x && sh rerank y");
        assertTrue(relative.out().contains("[x]\n") && relative.out().endsWith("[y]\n"), relative.err());
    }

    @Test
    void anOldJavaIsPassedOver() throws Exception {
        String launcher = distribution("dist").toString();
        environment.put("JAVA_HOME", javaHome("old", "17.0.1", false).toString());
        Path onPath = javaHome("new java", "21", true);
        Files.createSymbolicLink(Files.createDirectories(folder.resolve("bin")).resolve("java"),
                onPath.resolve("bin/java"));
        environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
        Answer answer = run(launcher, "x");
        assertTrue(answer.out().startsWith("java "), answer.err());
    }

    @Test
    void theNewestOfTheUsualFoldersIsTaken() throws Exception {
        String launcher = distribution("dist").toString();
        environment.put("JAVA_HOME", javaHome("old", "1.8.0_292", false).toString());
        javaHome("home/.jdks/older", "999", false);
        javaHome("home/.jdks/newest", "1000.0.2", true);
        Path fake = Files.createDirectories(folder.resolve("bin"));
        executable(fake.resolve("java"), "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        environment.put("PATH", fake + ":" + environment.get("PATH"));
        Answer answer = run(launcher, "x");
        assertTrue(answer.out().startsWith("java "), answer.err());
    }

    @Test
    void optionsForJavaAreTheUsers() throws Exception {
        environment.put("RERANK4J_JAVA_OPTS", "-Dextra=yes -Dmore=1");
        Answer answer = run(distribution("dist").toString());
        assertTrue(answer.out().contains("extra yes"), answer.out() + answer.err());
    }

    @Test
    void withoutAPlaceForItsFilesItStartsAllTheSame() throws Exception {
        String launcher = distribution("dist").toString();
        for (String cache : List.of("/proc/nowhere", "/dev/null", folder.resolve("echo.jar").toString())) {
            environment.put("RERANK4J_CACHE", cache);
            Answer answer = run(launcher, "x");
            assertEquals(0, answer.code(), answer.err());
            assertEquals("", answer.err());
        }
        environment.remove("HOME");
        environment.remove("RERANK4J_CACHE");
        assertEquals("", run(launcher, "x").err());
    }

    @Test
    void aBrokenOrForeignClassLayoutIsReplacedQuietly() throws Exception {
        String launcher = distribution("dist").toString();
        environment.put("RERANK4J_CACHE", folder.resolve("cache").toString());
        assertEquals(0, run(launcher, "search").code());
        Path layout;
        try (Stream<Path> files = Files.list(folder.resolve("cache/start"))) {
            layout = files.findFirst().orElseThrow();
        }
        Files.write(layout, new byte[5000]);
        Answer answer = run(launcher, "search");
        assertEquals(new Answer(0, run(launcher, "search").out(), ""), answer);
        assertTrue(Files.size(layout) > 5000, "made anew");
    }

    @Test
    void whatTheServerLoadsIsLaidOutByItself() throws Exception {
        String launcher = distribution("dist").toString();
        environment.put("RERANK4J_CACHE", folder.resolve("cache").toString());
        assertEquals(new Answer(0, run(launcher, "serve").out(), ""), run(launcher, "serve"));
        assertEquals(0, run(launcher, "search", "serve").code());
        try (Stream<Path> files = Files.list(folder.resolve("cache/start"))) {
            assertEquals(List.of(false, true),
                    files.map(file -> file.toString().endsWith("-serve.jsa")).sorted().toList());
        }
    }

    @Test
    void placesForFilesAreTheUsersAndNothingIsReported() throws Exception {
        String launcher = distribution("dist").toString();
        environment.put("RERANK4J_CACHE", folder.resolve("a cache").toString());
        environment.put("TMPDIR", Files.createDirectory(folder.resolve("for a while")).toString());
        assertTrue(run(launcher).out().contains("temporary " + folder.resolve("for a while") + "; native "
                + folder.resolve("a cache/native") + "; telemetry off 1\n"), run(launcher)::out);
        environment.put("DJL_CACHE_DIR", folder.resolve("mine").toString());
        environment.put("TMPDIR", folder.resolve("missing").toString());
        environment.put("ORT_DISABLE_TELEMETRY", "0");
        assertTrue(run(launcher).out().contains("temporary " + System.getProperty("java.io.tmpdir") + "; native "
                + folder.resolve("mine") + "; telemetry off 1\n"), run(launcher)::out);
    }

    @Test
    void aDistributionWithoutItsFilesSaysSo() throws Exception {
        Path launcher = distribution("dist");
        Files.delete(launcher.resolve("../../lib/rerank4j-cli-1.jar").normalize());
        Answer answer = run(launcher.toString());
        assertEquals(3, answer.code());
        assertTrue(answer.err().startsWith("rerank: its files are not in "), answer.err());
    }

    /** A clone whose Maven needs what the test says before it makes the distribution. */
    private Path clone(String beforeBuild) throws IOException {
        Path clone = Files.createDirectories(folder.resolve("a clone"));
        for (String source : List.of("core", "onnx", "model", "lucene", "ingest", "cli")) {
            Files.createDirectories(clone.resolve(source).resolve("src/main"));
            Files.writeString(clone.resolve(source).resolve("pom.xml"), "");
        }
        Files.writeString(clone.resolve("pom.xml"), "");
        executable(Files.createDirectories(folder.resolve("maven")).resolve("mvn"), "echo \"$@\" >> '" + folder
                + "/builds'\n" + beforeBuild + "\nmkdir -p cli/target/rerank4j-1/lib\ncp '" + jar
                + "' cli/target/rerank4j-1/lib/rerank4j-cli-1.jar\necho now 1 > cli/target/distribution.built");
        environment.put("PATH", folder.resolve("maven") + ":" + environment.get("PATH"));
        return Files.copy(LAUNCHER, clone.resolve("rerank"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private long builds() throws IOException {
        return Files.exists(folder.resolve("builds")) ? Files.readAllLines(folder.resolve("builds")).size() : 0;
    }

    @Test
    void aCloneBuildsItselfOnceAndAgainWhenItsSourcesChange() throws Exception {
        String launcher = clone("").toString();
        Answer first = run(launcher, "x");
        assertTrue(first.out().endsWith("[x]\n"), first.err());
        assertTrue(first.err().contains("this happens once"), first.err());
        assertEquals(1, builds());
        assertEquals("", run(launcher, "x").err());
        assertEquals(1, builds());
        Path source = Files.writeString(folder.resolve("a clone/lucene/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 5000));
        environment.put("RERANK4J_NO_BUILD", "1");
        assertEquals("", run(launcher, "x").err());
        environment.remove("RERANK4J_NO_BUILD");
        assertTrue(run(launcher, "x").err().contains("the sources have changed"));
        assertEquals(2, builds());
    }

    @Test
    void twoFirstRunsAtOnceBuildOnce() throws Exception {
        Path gate = folder.resolve("gate");
        assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
        String launcher = clone("read -r line < '" + gate + "'").toString();
        List<Process> both = new ArrayList<>(List.of(start(launcher, "x"), start(launcher, "x")));
        List<BufferedReader> errs = both.stream().map(Process::errorReader).toList();
        List<String> said = List.of(errs.get(0).readLine(), errs.get(1).readLine());
        assertEquals(1, said.stream().filter(line -> line.contains("waiting for process")).count(), said::toString);
        Files.writeString(gate, "go\n");
        for (Process process : both) {
            assertTrue(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).endsWith("[x]\n"));
            assertEquals(0, process.waitFor());
        }
        assertEquals(1, builds());
    }

    @Test
    void aLockOfADeadBuildIsTaken() throws Exception {
        Path launcher = clone("");
        Process dead = start("true");
        dead.waitFor();
        Files.createDirectories(launcher.resolveSibling("cli/target"));
        Files.createSymbolicLink(launcher.resolveSibling("cli/target/.building"), Path.of("" + dead.pid()));
        assertEquals(0, run(launcher.toString()).code());
        assertEquals(1, builds());
    }

    @Test
    void aBuildThatFailsIsNotTakenForADistribution() throws Exception {
        Path launcher = clone("exit 1");
        for (int i = 1; i <= 2; i++) {
            Answer answer = run(launcher.toString());
            assertEquals(3, answer.code());
            assertTrue(answer.err().contains("rerank: the build failed"), answer.err());
            assertEquals(i, builds());
        }
        assertFalse(Files.exists(launcher.resolveSibling("cli/target/.building"), LinkOption.NOFOLLOW_LINKS));
    }
}
