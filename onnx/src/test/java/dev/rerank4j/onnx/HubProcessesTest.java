package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What only shows between processes, or in one that was started for it. */
class HubProcessesTest extends HubTests {

    private static final byte[] ONNX = HubRepository.noise(5, 8_000_000);

    private static HubRepository model() {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", ONNX);
        repository.commit("main");
        return repository;
    }

    private Process puller(URI endpoint, Map<String, String> more, String... java) throws IOException {
        Map<String, String> environment = new HashMap<>(
                Map.of("HF_ENDPOINT", endpoint.toString(), "HF_HUB_CACHE", cache().toString()));
        environment.putAll(more);
        return HubPuller.start(environment, List.of(java), NAME);
    }

    @Test
    void twoProcessesThatPullTheSameModelDownloadItOnce() throws Exception {
        HubRepository repository = model();
        try (HubServer server = HubServer.start(repository)) {
            List<Process> pullers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                pullers.add(puller(server.endpoint(), Map.of()));
            }
            for (Process puller : pullers) {
                assertEquals('r', puller.getInputStream().read()); // all are ready
            }
            for (Process puller : pullers) {
                puller.getOutputStream().write('\n');
                puller.getOutputStream().flush();
            }
            Path snapshot = repository().resolve("snapshots").resolve(repository.resolve("main").orElseThrow());
            for (Process puller : pullers) {
                assertEquals("eady\n" + snapshot, HubPuller.output(puller));
            }
            assertEquals(1, server.calls("/lfs/"));
            assertEquals(3, server.calls("/resolve-cache/"));
            assertEquals(List.of(), partial());
            assertEquals(List.of(), hub(server).verify(NAME));
        }
    }

    @Test
    void aProcessThatIsKilledLeavesWhatTheNextOneGoesOnWith() throws Exception {
        try (HubServer server = HubServer.start(model())) {
            CountDownLatch started = new CountDownLatch(1);
            List<Process> puller = new CopyOnWriteArrayList<>();
            server.next("/lfs/", HubAnswer.pause(6_000_000, () -> {
                started.countDown();
                kill(puller.getFirst());
            }));
            puller.add(puller(server.endpoint(), Map.of()));
            assertEquals("ready", HubPuller.output(puller.getFirst()));
            started.await();
            assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
            assertFalse(Files.exists(repository().resolve("refs/main")));
            long left = Files.size(partial().getFirst());
            assertTrue(left > 0, "bytes " + left);
            server.forget();
            HubModel model = hub(server).get(ID);
            assertArrayEquals(ONNX, Files.readAllBytes(model.folder().resolve("onnx/model.onnx")));
            assertEquals(List.of(Optional.of("bytes=" + left + "-")), server.calls().stream()
                    .filter(call -> !call.hub()).map(HubServer.Call::range).toList());
            assertEquals(List.of(), partial());
        }
    }

    private static void kill(Process process) {
        try {
            process.toHandle().destroyForcibly();
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a company's own certificate looks like to Java, and what the message says against that. */
    @Test
    void aCertificateThatNobodyKnowsIsSaidAndCanBeTrusted() throws Exception {
        Path keys = keys();
        try (HubServer server = HubServer.secure(context(keys), model())) {
            String output = HubPuller.output(puller(server.endpoint(), Map.of()));
            assertTrue(output.startsWith("ready\nUNAVAILABLE: Java does not trust the certificate of "
                    + server.endpoint().getAuthority() + ": if it is your company's, add it to a trust store"), output);
            assertTrue(output.contains("-Djavax.net.ssl.trustStore=FILE"), output);
            assertEquals(0, server.calls().size());
            String snapshot = HubPuller.output(puller(server.endpoint(), Map.of(), "-Djavax.net.ssl.trustStore=" + keys,
                    "-Djavax.net.ssl.trustStorePassword=changeit"));
            assertTrue(snapshot.startsWith("ready\n" + cache()), snapshot);
            assertEquals(List.of(), hub(server).verify(NAME));
        }
    }

    @Test
    void fromAnEncryptedPlaceNoneIsFollowedThatIsNot() throws Exception {
        Path keys = keys();
        try (HubServer server = HubServer.secure(context(keys), model());
                HubServer plain = HubServer.start(model())) {
            server.next("/resolve/", HubAnswer.status(302, "Location", plain.endpoint() + "/somewhere"));
            String output = HubPuller.output(puller(server.endpoint(), Map.of("HF_TOKEN", TOKEN),
                    "-Djavax.net.ssl.trustStore=" + keys, "-Djavax.net.ssl.trustStorePassword=changeit"));
            assertEquals("ready\nUNAVAILABLE: " + server.endpoint().getAuthority()
                    + " sends to 127.0.0.1 without encryption, which is not followed", output);
            assertEquals(List.of(), plain.calls());
        }
    }

    @Test
    void whatIsNotEncryptedAtAllIsSaid() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            executor.execute(() -> {
                try {
                    while (true) {
                        try (Socket client = plain.accept()) {
                            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                            client.getInputStream().read();
                        }
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            URI secure = URI.create("https://127.0.0.1:" + plain.getLocalPort());
            fails(Kind.UNAVAILABLE, () -> new ModelHub(options(secure), SHORT, true).get(ID),
                    "the encrypted connection to " + secure.getAuthority()
                            + " failed: check that it is to be reached by");
            plain.close();
        }
    }

    private Path keys() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "hub", "-dname", "CN=hub", "-ext", "san=ip:127.0.0.1",
                "-storepass", "changeit", "-keystore", keys.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(0, keytool.waitFor());
        return keys;
    }

    private static SSLContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void aProxyThatTheEnvironmentNamesIsGoneThrough() throws Exception {
        try (HubServer server = HubServer.start(model()); Forwarder proxy = new Forwarder("me:p%w")) {
            Map<String, String> named = Map.of("HTTP_PROXY", "http://me:p%25w@127.0.0.1:" + proxy.port());
            HubOptions options = HubOptions.from(environment(server, named));
            new ModelHub(options, SHORT, true).get(ID);
            assertTrue(proxy.asked.stream().anyMatch(url -> url.startsWith(server.endpoint() + "/api/models/")),
                    proxy.asked.toString());
            assertTrue(proxy.asked.stream().anyMatch(url -> url.startsWith(server.elsewhere() + "/lfs/")));
            hub(server).remove(NAME);
            proxy.asked.clear();
            Map<String, String> without = new HashMap<>(named);
            without.put("NO_PROXY", "127.0.0.1");
            new ModelHub(HubOptions.from(environment(server, without)), SHORT, true).get(ID);
            assertEquals(List.of(), proxy.asked);
            hub(server).remove(NAME);
            Map<String, String> wrong = Map.of("HTTP_PROXY", "http://me:secret@127.0.0.1:" + proxy.port());
            String message = fails(Kind.UNAVAILABLE,
                    () -> new ModelHub(HubOptions.from(environment(server, wrong)), SHORT, true).get(ID),
                    "the proxy asks for a name and a password: write them into HTTPS_PROXY").getMessage();
            assertFalse(message.contains("secret"), message);
        }
    }

    @Test
    void anEncryptedHubIsReachedThroughAProxyThatAsksForAPassword() throws Exception {
        Path keys = keys();
        try (HubServer server = HubServer.secure(context(keys), model()); Forwarder proxy = new Forwarder("me:pw")) {
            String[] java = {"-Djavax.net.ssl.trustStore=" + keys, "-Djavax.net.ssl.trustStorePassword=changeit",
                    "-Djdk.http.auth.tunneling.disabledSchemes="};
            Map<String, String> named = Map.of("HTTPS_PROXY", "http://me:pw@127.0.0.1:" + proxy.port(), "HF_TOKEN",
                    TOKEN);
            String output = HubPuller.output(puller(server.endpoint(), named, java[0], java[1]));
            assertTrue(output.contains("the proxy asks for a name and a password") && output
                    .contains("-Djdk.http.auth.tunneling.disabledSchemes="), output);
            output = HubPuller.output(puller(server.endpoint(), named, java));
            assertTrue(output.startsWith("ready\n" + cache()), output);
            assertTrue(proxy.asked.contains(server.endpoint().getAuthority()), proxy.asked.toString());
            assertTrue(server.calls().stream().allMatch(call -> !call.hub()
                    || call.authorization().equals(Optional.of("Bearer " + TOKEN))));
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        try (HubServer server = HubServer.start(model())) {
            int port = freePort();
            Map<String, String> named = Map.of("HTTP_PROXY", "http://127.0.0.1:" + port);
            fails(Kind.UNAVAILABLE,
                    () -> new ModelHub(HubOptions.from(environment(server, named)), SHORT, true).get(ID),
                    server.endpoint().getAuthority() + " (through the proxy 127.0.0.1:" + port + ") cannot be reached");
        }
    }

    private Map<String, String> environment(HubServer server, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("HOME", folder.toString());
        environment.put("HF_ENDPOINT", server.endpoint().toString());
        environment.put("HF_HUB_CACHE", cache().toString());
        return environment;
    }

    /** A proxy that lets in who has the password: for plain requests, and for tunnels. */
    private static final class Forwarder implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService executor = Executors.newCachedThreadPool();
        private final String basic;
        final List<String> asked = new CopyOnWriteArrayList<>();

        Forwarder(String user) throws IOException {
            basic = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            executor.execute(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    executor.execute(() -> serve(socket));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void serve(Socket client) {
            try (client) {
                String head = head(client.getInputStream());
                String[] words = head.split(" ", 3);
                if (!head.contains("\r\nProxy-Authorization: " + basic + "\r\n")
                        && !head.contains("\r\nproxy-authorization: " + basic + "\r\n")) {
                    client.getOutputStream().write(("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate:"
                            + " Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes());
                    return;
                }
                asked.add(words[1]);
                boolean tunnel = words[0].equals("CONNECT");
                URI target = URI.create(tunnel ? "http://" + words[1] : words[1]);
                try (Socket server = new Socket(target.getHost(), target.getPort())) {
                    if (tunnel) {
                        client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes());
                    } else {
                        String forwarded = words[0] + " " + target.getRawPath() + (target.getRawQuery() == null
                                ? ""
                                : "?" + target.getRawQuery()) + " " + words[2];
                        server.getOutputStream().write(forwarded.replaceAll("(?i)Proxy-[^\r]*\r\n", "")
                                .replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes());
                    }
                    executor.execute(() -> copy(client, server));
                    copy(server, client);
                }
            } catch (IOException cut) {
                // by one of the two
            }
        }

        private static String head(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("cut");
                }
                head.append((char) b);
            }
            return head.toString();
        }

        private static void copy(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
            } catch (IOException cut) {
                // by one of the two
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            executor.shutdownNow();
        }
    }
}
