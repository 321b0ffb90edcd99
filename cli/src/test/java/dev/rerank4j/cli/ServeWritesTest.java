package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that come by HTTP, and what may happen to the server, its disk and its clients meanwhile. */
@Timeout(300)
class ServeWritesTest {

    @TempDir
    private Path folder;

    private static ServerProcess start(Path index) throws Exception {
        return ServerProcess.start("--model", "none", "--index", index.toString()).ready();
    }

    private static String document(String id, String text) {
        return "{\"documents\": [{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}]}";
    }

    private static List<String> found(ServerProcess server, String word) {
        List<String> found = new ArrayList<>();
        server.post("/api/search", "{\"retriever\": \"bm25\", \"limit\": 50, \"query\": \"" + word + "\"}").ok()
                .json().get("hits").forEach(hit -> found.add(hit.get("document").textValue()));
        return found;
    }

    private static int documents(ServerProcess server) {
        return server.get("/api/indexes").ok().json().at("/indexes/0/documents").intValue();
    }

    @Test
    void whatWasAcknowledgedOutlivesTheDeathOfTheProcess() throws Exception {
        int clients = 4;
        int rounds = 10;
        Path index = folder.resolve("index");
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        for (int round = 0; round <= rounds; round++) {
            try (ServerProcess server = start(index)) {
                if (round > 0) {
                    assertTrue(documents(server) >= acknowledged.size(), "documents after round " + round);
                    for (String word : acknowledged) {
                        assertEquals(List.of(word), found(server, word), "after round " + round);
                    }
                }
                if (round < rounds) {
                    int before = acknowledged.size();
                    try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
                        for (int client = 0; client < clients; client++) {
                            String name = "r" + round + "c" + client + "n";
                            executor.execute(() -> addUntilItDies(server, name, acknowledged));
                        }
                        ServerProcess.eventually("some are acknowledged", () -> acknowledged.size() >= before + 6);
                        server.kill();
                    }
                }
            }
        }
    }

    private static void addUntilItDies(ServerProcess server, String name, Set<String> acknowledged) {
        for (int i = 0;; i++) {
            String word = name + i;
            try {
                server.post("/api/documents", document(word, "here is " + word)).ok();
                acknowledged.add(word);
            } catch (CompletionException dead) {
                return;
            }
        }
    }

    @Test
    void aFullDiskIsSaidAndWithMoreSpaceItGoesOnWithoutARestart() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
                "mounting is not allowed here");
        try (ServerProcess server = start(disk.resolve("index"))) {
            server.post("/api/documents", document("apple", "an apple")).ok();
            Random random = new Random(1);
            ServerProcess.Answer answer = server.post("/api/documents", big("big", random));
            int added = 0;
            while (answer.status() == 200) {
                added++;
                assertTrue(added < 100, "2 MiB cannot hold more");
                answer = server.post("/api/documents", big("big" + added, random));
            }
            assertEquals(503, answer.status(), answer.body());
            assertEquals("unavailable", answer.json().get("kind").textValue());
            assertTrue(answer.json().get("message").textValue().startsWith("no space left for index "), answer.body());
            assertEquals(List.of("apple"), found(server, "apple"));
            assertEquals(1 + added, documents(server));
            assertTrue(run("mount", "-o", "remount,size=64m", disk.toString()));
            server.post("/api/documents", document("pear", "a pear")).ok();
            assertEquals(List.of("pear"), found(server, "pear"));
            assertEquals(List.of("apple"), found(server, "apple"));
            assertEquals(2 + added, documents(server));
        } finally {
            assertTrue(run("umount", disk.toString()) || run("umount", "-l", disk.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor() == 0;
    }

    /** Eighty kilobytes, none of which the encoder has to read. */
    private static String big(String id, Random random) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            StringBuilder noise = new StringBuilder();
            while (noise.length() < 8000) {
                noise.append(Long.toString(random.nextLong(), 36));
            }
            fields.append(i == 0 ? "" : ", ").append("\"field").append(i).append("\": \"").append(noise).append('"');
        }
        return "{\"documents\": [{\"id\": \"" + id + "\", \"text\": \"big\", \"metadata\": {" + fields + "}}]}";
    }

    @Test
    void twoServersOnOneIndexBothSearchAndOneWrites() throws Exception {
        Path index = folder.resolve("index");
        try (ServerProcess writer = start(index); ServerProcess reader = start(index)) {
            writer.post("/api/documents", document("apple", "an apple")).ok();
            ServerProcess.Answer refused = reader.post("/api/documents", document("pear", "a pear"));
            assertEquals(503, refused.status());
            assertEquals("index " + index + " is being written by another process: wait until it is done",
                    refused.json().get("message").textValue());
            assertEquals(List.of("apple"), found(writer, "apple"));
            assertEquals(List.of("apple"), found(reader, "apple"));
            writer.signal("TERM");
            assertEquals(0, writer.exit());
            reader.post("/api/documents", document("pear", "a pear")).ok();
            assertEquals(List.of("pear"), found(reader, "pear"));
        }
    }

    @Test
    void ofARequestThatIsRefusedNothingIsAddedLater() throws Exception {
        try (ServerProcess server = start(folder.resolve("index"))) {
            StringBuilder many = new StringBuilder("{\"documents\": [");
            for (int i = 0; i < 600; i++) { // more than are written at once
                many.append("{\"id\": \"many").append(i).append("\", \"text\": \"a plum\"}, ");
            }
            server.post("/api/documents", document("apple", "an apple")).ok();
            many.append("{\"id\": \"\\ud800\", \"text\": \"a plum\"}]}");
            ServerProcess.Answer refused = server.post("/api/documents", many.toString());
            assertEquals(400, refused.status(), refused.body());
            assertTrue(refused.json().get("message").textValue().contains("lone surrogate"), refused.body());
            server.post("/api/documents", document("pear", "a pear")).ok();
            assertEquals(List.of(), found(server, "plum"));
            assertEquals(2, documents(server));
        }
    }

    @Test
    void aClientThatGoesAwayWhileItAddsDisturbsNobody() throws Exception {
        try (ServerProcess server = start(folder.resolve("index"))) {
            for (int i = 0; i < 5; i++) {
                String body = document("gone" + i, "a plum ".repeat(500));
                try (Socket socket = server.connect()) {
                    OutputStream out = socket.getOutputStream();
                    out.write(("POST /api/documents HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                server.post("/api/documents", document("stays" + i, "an apple")).ok();
            }
            assertEquals(5, found(server, "apple").size());
        }
    }
}
