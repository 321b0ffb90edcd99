package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A hub that waits for nothing long, an empty cache, and what one looks for in it. */
abstract class HubTests {

    static final Patience SHORT = new Patience(5, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(10));
    static final String NAME = "acme/small";
    static final ModelId ID = ModelId.of(NAME);
    static final String TOKEN = "hf_the_right_one";

    @TempDir
    Path folder;

    /** Made by who downloads. */
    Path cache() {
        return folder.resolve("cache");
    }

    HubOptions options(HubServer server) {
        return options(server.endpoint());
    }

    HubOptions options(URI endpoint) {
        return new HubOptions(endpoint, Optional.empty(), cache(), false);
    }

    HubOptions offline(HubServer server) {
        return new HubOptions(server.endpoint(), Optional.empty(), cache(), true);
    }

    HubOptions withToken(HubServer server) {
        return new HubOptions(server.endpoint(), Optional.of(TOKEN), cache(), false);
    }

    ModelHub hub(HubServer server) {
        return new ModelHub(options(server), SHORT, true);
    }

    /** Pulls, and has no other choice than to download. */
    HubModel pull(HubServer server) {
        return hub(server).pull(ID, PullOptions.DEFAULT, HubProgress.NONE);
    }

    static RerankException fails(RerankException.Kind kind, Runnable action, String... parts) {
        RerankException e = assertThrows(RerankException.class, action::run);
        String message = String.valueOf(e.getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertEquals(kind, e.kind(), message);
        return e;
    }

    /** The repository's folder in the cache. */
    Path repository() {
        return cache().resolve("models--acme--small");
    }

    /** What is left of downloads that did not end well. */
    List<Path> partial() throws IOException {
        return named(repository().resolve("blobs"), ".*\\.incomplete");
    }

    /** Names of blobs, and of what is on the way to become one. */
    List<String> blobs() throws IOException {
        return named(repository().resolve("blobs"), ".*").stream().map(path -> path.getFileName().toString()).toList();
    }

    static List<Path> named(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches(pattern)).sorted().toList();
        }
    }

    /** Everything below, with what it is, so that two states can be compared. */
    static List<String> tree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted().map(path -> {
                try {
                    String kind = Files.isSymbolicLink(path)
                            ? " -> " + Files.readSymbolicLink(path)
                            : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "/" : " " + Files.size(path);
                    return root.relativize(path) + kind;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }).toList();
        }
    }

    /** A port that nobody listens at. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
