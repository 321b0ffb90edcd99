package dev.rerank4j.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that sends the bytes that a test wants, as no decent server would. One request a connection. */
final class SocketServer implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

    /** What a client begins with that means to encrypt. */
    private static final int TLS = 0x16;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Socket> clients = Collections.synchronizedList(new ArrayList<>());

    /** What a connection gets after its request was read; then it is closed. */
    @FunctionalInterface
    interface Script {
        void answer(OutputStream out) throws IOException;
    }

    /** The first connection gets the first script, and so on; the last again and again. */
    SocketServer(Script... scripts) throws IOException {
        threads.execute(() -> {
            try {
                for (int i = 0;; i++) {
                    Socket client = socket.accept();
                    clients.add(client);
                    Script script = scripts[Math.min(i, scripts.length - 1)];
                    threads.execute(() -> serve(client, script));
                }
            } catch (IOException closed) {
                // the test is over
            }
        });
    }

    static Script bytes(String answer) {
        return out -> out.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    static Script json(String body) {
        return bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body);
    }

    private void serve(Socket client, Script script) {
        try (client) {
            requests.add(request(client.getInputStream()));
            script.answer(client.getOutputStream());
            client.getOutputStream().flush();
        } catch (IOException gone) {
            // the client had enough
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 || next == TLS) {
                return head.toString();
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        return head + (length.find()
                ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                : "");
    }

    int port() {
        return socket.getLocalPort();
    }

    URI address() {
        return URI.create("http://localhost:" + port());
    }

    /** What was read so far. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        synchronized (clients) {
            for (Socket client : clients) {
                client.close();
            }
        }
        threads.shutdownNow();
    }
}
