package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rerank serve} that cannot start: one sentence, and no server that hangs. */
@Timeout(120)
class ServeStartTest {

    private static final String SECRET = "0123456789abcdef-secret";

    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();

    private void fails(int code, String message, String... args) {
        assertEquals(code, shell.run(args), shell::err);
        String last = shell.err().lines().reduce("", (a, b) -> b);
        assertTrue(last.startsWith("rerank: ") && last.contains(message), shell::err);
        assertEquals("", shell.out());
        assertFalse(shell.err().contains("\tat "), shell::err);
    }

    private String config(String yaml) throws Exception {
        return Files.writeString(folder.resolve("r.yaml"), yaml).toString();
    }

    @Test
    void thePrintedSettingsReadBackAndHoldNoSecret() throws Exception {
        String secretFile = Files.writeString(folder.resolve("key"), SECRET + "-of-a-file").toString();
        String config = config("""
                server:
                  host: localhost
                  max-body: 1MiB
                  timeout: 5s
                  shutdown-timeout: 1500ms
                  cors: ["https://shop.example"]
                  keys:
                  - {name: shop, key-env: SHOP_KEY, filter: [tenant=shop, price<100], max-documents: 10}
                  - {name: writer, key-file: '%s', write: true}
                """.formatted(secretFile));
        shell.set("SHOP_KEY", SECRET).set(ServerKeys.VARIABLE, SECRET + "-of-all");
        assertEquals(0, shell.run("serve", "--config", config, "--print-config", "--port", "0", "--index",
                "books=/srv/books"), shell::err);
        assertFalse(shell.out().contains(SECRET), shell::out);
        Config printed = ConfigFile.parse(shell.out());
        assertEquals(ConfigFile.read(Path.of(config)).server().with(null, 0, java.util.List.of("books=/srv/books")),
                printed.server());
        assertEquals(shell.out(), ConfigFile.text(printed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "short|key shop must have at least 16 characters, got 5; make one with: openssl rand -hex 24",
            "|the environment variable of key shop, SHOP_KEY, is not set"})
    void aSecretThatIsMissingOrShortIsRefused(String secret, String message) throws Exception {
        if (secret != null) {
            shell.set("SHOP_KEY", secret);
        }
        fails(2, message, "serve", "--port", "0", "--config",
                config("server: {keys: [{name: shop, key-env: SHOP_KEY}]}"));
    }

    @Test
    void aShortSecretOfTheEnvironmentIsRefused() {
        shell.set(ServerKeys.VARIABLE, SECRET + ",abc");
        fails(2, "a key in RERANK4J_API_KEYS must have at least 16 characters, got 3", "serve", "--port", "0");
        assertFalse(shell.err().contains("abc"), shell::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{name: a, key-file: /missing/key}|the file of key a, /missing/key, cannot be read (no such file",
            "{name: a}|key a must have either key-env, the name of an environment variable, or key-file",
            "{name: a, key: abc}|unknown key server.keys.0.key;",
            "{name: a, key-evn: A}|unknown key server.keys.0.key-evn; did you mean key-env?",
            "{key-env: A}|a key must have a name",
            "{name: a, key-env: A}, {name: a, key-env: B}|names must differ, got a twice",
            "{name: a, key-env: A}, {name: b, key-env: A}|keys a and b have the same secret: give each one its own",
            "{name: a, key-env: A, filter: [price]}|of key a, filter must be a field",
            "{name: a, key-env: A, filter: [x=1], write: true}|key a must not have both a filter and write: true",
            "{name: a, key-env: A, max-documents: 0}|max-documents of key a must be >= 1, got 0",
            "{name: a, key-env: A, max-concurrent: -1}|max-concurrent of key a must be >= 1, got -1"})
    void aWrongKeyIsOneSentence(String keys, String message) throws Exception {
        shell.set("A", SECRET).set("B", SECRET + "-of-b");
        fails(2, message, "serve", "--port", "0", "--config", config("server: {keys: [" + keys + "]}"));
        assertFalse(shell.err().contains(SECRET), shell::err);
    }

    @Test
    void indexesOfTheSameNameAreRefused() {
        fails(2, "names of indexes must differ, got a twice", "serve", "--port", "0", "--index", "a=x", "--index",
                "a=y");
        fails(2, "--index must be a folder, or NAME=DIR, got \"a=\"", "serve", "--port", "0", "--index", "a=");
    }

    @Test
    void aPortThatIsTakenIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            fails(3, "cannot listen at 127.0.0.1:" + taken.getLocalPort() + ": another program may do so already",
                    "serve", "--port", "" + taken.getLocalPort());
        }
    }

    @Test
    void aHostThatIsNotThisMachineIsOneSentence() {
        fails(3, "cannot listen at 203.0.113.1:0", "serve", "--port", "0", "--host", "203.0.113.1");
        fails(3, "cannot listen at no-such-host.invalid:0", "serve", "--port", "0", "--host", "no-such-host.invalid");
    }

    @Test
    void aBrokenModelIsOneSentence() throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        fails(3, "model.onnx", "serve", "--port", "0", "--model", model.toString());
        Files.writeString(model.resolve("model.onnx"), "none");
        Files.writeString(model.resolve("config.json"), "{");
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        fails(3, "config.json", "serve", "--port", "0", "--model", model.toString());
        fails(2, "got /missing", "serve", "--port", "0", "--model", "/missing");
    }

    @Test
    void aBrokenIndexIsOneSentence() throws Exception {
        Path index = Files.createDirectory(folder.resolve("index"));
        Files.writeString(index.resolve("segments_1"), "none");
        fails(3, "index " + index + " is damaged", "serve", "--port", "0", "--model", "none", "--index",
                index.toString());
        Path file = Files.writeString(folder.resolve("file"), "text");
        fails(3, file + " is a file, an index is a directory", "serve", "--port", "0", "--model", "none", "--index",
                file.toString());
    }

    @Test
    void whoListensToAllWithoutAKeyIsWarned() throws Exception {
        try (ServerProcess server = ServerProcess.start("--model", "none", "--host", "0.0.0.0").ready()) {
            assertTrue(server.err().contains("warning: everybody who can reach 0.0.0.0 may search, rerank and change "
                    + "documents: set RERANK4J_API_KEYS"), server::err);
        }
        try (ServerProcess server = ServerProcess.start("--model", "none").ready()) {
            assertFalse(server.err().contains("warning"), server::err);
        }
    }
}
