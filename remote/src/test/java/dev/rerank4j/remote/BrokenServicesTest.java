package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.HttpService.Call;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that break in the middle, lead elsewhere, or are not who they should be. */
@Timeout(60)
class BrokenServicesTest {

    private static final Call CALL = Call.post("/v1", HttpService.JSON.createObjectNode());
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private final Heard heard = new Heard();

    private RemoteOptions options(URI address, int retries) {
        return RemoteOptions.at(address).withPatience(Duration.ofSeconds(30), retries).withListener(heard);
    }

    private static HttpService service(RemoteOptions options) {
        return new HttpService("acme", options, Map.of("Authorization", "Bearer k3y"));
    }

    private RerankException fails(RemoteOptions options, Deadline deadline, Kind kind, String said, int attempts) {
        try (HttpService service = service(options)) {
            RerankException e = assertThrows(RerankException.class, () -> service.send(CALL, deadline));
            assertEquals(kind, e.kind());
            assertTrue(e.getMessage().contains(said), e.getMessage());
            assertEquals(attempts, heard.call().attempts());
            return e;
        }
    }

    @Test
    void aBodyWithoutEndIsStopped() throws Exception {
        try (SocketServer server = new SocketServer(out -> {
            out.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes());
            while (true) {
                out.write("8\r\n[[[[[[[[\r\n".getBytes());
            }
        })) {
            fails(options(server.address(), 2).withLimits(10_000, 1), Deadline.none(), Kind.MODEL,
                    "acme answered with more than 10000 bytes", 1);
        }
    }

    /** Of a refusal nothing is wanted but its status: it may be as long as it likes. */
    @Test
    void aRefusalWithoutEndIsARefusal() throws Exception {
        try (SocketServer server = new SocketServer(out -> {
            out.write("HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
            while (true) {
                out.write("8\r\n[[[[[[[[\r\n".getBytes());
            }
        })) {
            fails(options(server.address(), 2), Deadline.none(), Kind.UNAVAILABLE, "status 401", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            HEAD + "Content-Length: 100\r\n\r\n{\"a\": ",
            HEAD + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}",
            HEAD,
            "",
            "SSH-2.0-OpenSSH_9.6\r\n"})
    void whatIsCutInTheMiddleIsAskedForAgain(String cut) throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.bytes(cut), SocketServer.json("{\"a\": 1}"));
                HttpService service = service(options(server.address(), 1))) {
            assertEquals(1, service.send(CALL, Deadline.none()).body().get("a").asInt());
            assertEquals(2, heard.call().attempts());
            assertEquals(2, server.requests().size());
        }
    }

    @Test
    void whatIsAlwaysCutIsGivenUp() throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.bytes(HEAD + "Content-Length: 100\r\n\r\n{"))) {
            fails(options(server.address(), 1), Deadline.none(), Kind.UNAVAILABLE, "the connection to acme broke", 2);
        }
    }

    @Test
    void anAnswerAfterTheDeadlineIsATimeout() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            await(late);
            return Answer.json("{}");
        })) {
            fails(options(server.address(), 5), Deadline.in(Duration.ofMillis(100)), Kind.TIMEOUT,
                    "acme did not answer before the deadline", 1);
            late.countDown();
        }
    }

    /** Its first bytes do not save it. */
    @Test
    void anAnswerThatNeverEndsIsATimeout() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (SocketServer server = new SocketServer(out -> {
            out.write((HEAD + "Content-Length: 100\r\n\r\n{").getBytes());
            out.flush();
            await(late);
        })) {
            fails(options(server.address(), 5), Deadline.in(Duration.ofMillis(100)), Kind.TIMEOUT,
                    "acme did not answer before the deadline", 1);
            late.countDown();
        }
    }

    @Test
    void anAttemptThatTakesTooLongIsFollowedByAnother() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (SocketServer server = new SocketServer(out -> await(late), SocketServer.json("{\"a\": 1}"));
                HttpService service = service(options(server.address(), 1).withPatience(Duration.ofMillis(300), 1))) {
            assertEquals(1, service.send(CALL, Deadline.none()).body().get("a").asInt());
            assertEquals(2, heard.call().attempts());
            late.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatNobodyServesCannotBeReached() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        fails(options(URI.create("http://localhost:" + port), 0), Deadline.none(), Kind.UNAVAILABLE,
                "acme cannot be reached at localhost:" + port + ": check that it runs, its address and the network", 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectToAnotherHostIsNotFollowedAndNamed(int status) throws Exception {
        try (ScriptedServer other = ScriptedServer.answering(Answer.json("{}"));
                ScriptedServer server = ScriptedServer.answering(Answer.json(status, "").with("Location",
                        "http://127.0.0.1:" + other.address().getPort() + "/leak?leak=leak"))) {
            RerankException e = fails(options(server.address(), 2), Deadline.none(), Kind.UNAVAILABLE,
                    "acme moved to the host 127.0.0.1 (status " + status + ")", 1);
            assertFalse(e.getMessage().contains("leak"), e.getMessage());
            assertEquals(0, other.received().size());
        }
    }

    @Test
    void aRedirectAtTheSameHostIsNotFollowedEither() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(308, "").with("Location", "/v2"))) {
            fails(options(server.address(), 2), Deadline.none(), Kind.UNAVAILABLE,
                    "acme moved to another address at the same host", 1);
            assertEquals(1, server.received().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "::: no address :::"})
    void aRedirectToNowhereIsSaid(String location) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(302, "").with("Location", location))) {
            fails(options(server.address(), 2), Deadline.none(), Kind.UNAVAILABLE, "acme moved", 1);
        }
    }

    @Test
    void aCertificateThatNobodyKnowsIsSaidAndCanBeTrusted(@TempDir Path folder) throws Exception {
        KeyStore keys = keys(folder);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
        try {
            RemoteOptions options = options(URI.create("https://localhost:" + server.getAddress().getPort()), 2);
            fails(options, Deadline.none(), Kind.UNAVAILABLE, "acme has a certificate that is not trusted here", 1);
            try (HttpService service = service(options.withSsl(Optional.of(context)))) {
                assertEquals(200, service.send(CALL, Deadline.none()).status());
            }
        } finally {
            server.stop(0);
        }
    }

    private static KeyStore keys(Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "acme", "-dname", "CN=localhost", "-ext",
                "san=dns:localhost,ip:127.0.0.1", "-storepass", "changeit", "-keystore", file.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        return keys;
    }

    @Test
    void whatIsNotEncryptedAtAllIsSaid() throws Exception {
        try (SocketServer server = new SocketServer(SocketServer.bytes("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            fails(options(URI.create("https://localhost:" + server.port()), 0), Deadline.none(), Kind.UNAVAILABLE,
                    "a secure connection to acme failed", 1);
        }
    }

    private RemoteOptions through(int proxy, String address) {
        return options(URI.create(address), 0).withProxy(Optional.of(ProxySelector.of(
                InetSocketAddress.createUnresolved("localhost", proxy))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"502 Bad Gateway", "403 Forbidden", "503 Unavailable"})
    void aProxyThatDoesNotLetThroughIsNamed(String status) throws Exception {
        try (SocketServer proxy = new SocketServer(SocketServer.bytes("HTTP/1.1 " + status
                + "\r\nContent-Length: 0\r\n\r\n"))) {
            fails(through(proxy.port(), "https://acme.invalid"), Deadline.none(), Kind.UNAVAILABLE,
                    "acme cannot be reached through the proxy localhost:" + proxy.port()
                            + ", which refused with status " + status.substring(0, 3) + ": check the proxy",
                    1);
            assertTrue(proxy.requests().getFirst().startsWith("CONNECT acme.invalid:443"));
            assertFalse(proxy.requests().getFirst().contains("k3y"), "the key is not the proxy's");
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        fails(through(port, "https://acme.invalid"), Deadline.none(), Kind.UNAVAILABLE,
                "acme cannot be reached at acme.invalid through the proxy localhost:" + port, 1);
    }

    @Test
    void aProxyThatBreaksIsNamed() throws Exception {
        try (SocketServer proxy = new SocketServer(SocketServer.bytes(""))) {
            fails(through(proxy.port(), "https://acme.invalid"), Deadline.none(), Kind.UNAVAILABLE,
                    "the connection to acme through the proxy localhost:" + proxy.port() + " broke", 1);
        }
    }

    @Test
    void aProxyThatWantsAPasswordIsSaid() throws Exception {
        try (SocketServer proxy = new SocketServer(SocketServer.bytes("HTTP/1.1 407 Proxy Authentication Required\r\n"
                + "Proxy-Authenticate: Basic realm=\"acme\"\r\nContent-Length: 0\r\n\r\n"))) {
            fails(through(proxy.port(), "https://acme.invalid"), Deadline.none(), Kind.UNAVAILABLE, "proxy", 1);
        }
    }

    @Test
    void aProxyThatWorksIsGoneThrough() throws Exception {
        try (SocketServer proxy = new SocketServer(SocketServer.json("{\"a\": 1}"));
                HttpService service = service(through(proxy.port(), "http://acme.invalid"))) {
            assertEquals(1, service.send(CALL, Deadline.none()).body().get("a").asInt());
            assertTrue(proxy.requests().getFirst().startsWith("POST http://acme.invalid/v1 "));
        }
    }
}
