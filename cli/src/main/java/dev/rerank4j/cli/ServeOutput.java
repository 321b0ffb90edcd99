package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.server.AccessLog;
import dev.rerank4j.server.ApiKey;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.ServedIndex;
import dev.rerank4j.server.ServedModel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code rerank serve} says on the standard error: lines for a log and, to a person at a terminal, what there is
 * to try.
 */
final class ServeOutput {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'",
            Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Diagnostics diagnostics;
    private final Serving settings;
    private final List<ApiKey> keys;
    private final boolean terminal;
    private final boolean colours;
    private final long start = System.nanoTime();
    private String address = "";

    ServeOutput(Shell shell, Diagnostics diagnostics, Serving settings, List<ApiKey> keys) {
        this.diagnostics = diagnostics;
        this.settings = settings;
        this.keys = keys;
        terminal = shell.isTerminal(Shell.Stream.ERR);
        colours = terminal && shell.variable("NO_COLOR").isEmpty() && !shell.variable("TERM").equals("dumb");
    }

    /** A line for each request, if they are wanted. */
    AccessLog log() {
        return settings.accessLog() ? entry -> diagnostics.say(line(entry, Instant.now())) : AccessLog.NONE;
    }

    /** Time, id, method, route, status, milliseconds, bytes, name of the key: no text of anybody's. */
    static String line(AccessLog.Entry entry, Instant now) {
        return String.format(Locale.ROOT, "%s %s %s %s %d %.1fms %dB %s", TIME.format(now), entry.id(), entry.method(),
                entry.route(), entry.status(), entry.time().toNanos() / 1e6, entry.bytes(), entry.key());
    }

    /** It has a port, and nothing to answer with yet. */
    void listening(int port) {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        address = "http://" + host + ":" + port + "/";
        if (terminal) {
            diagnostics.bar("loading models");
        } else {
            diagnostics.say("listening at " + address + ", loading models");
        }
        if (!isLoopback() && keys.isEmpty()) {
            diagnostics.warn("everybody who can reach " + settings.host() + " may search, rerank and change documents: "
                    + "set " + ServerKeys.VARIABLE + ", or server.keys in the configuration");
        }
        if (settings.cors().contains("*") && keys.isEmpty()) {
            diagnostics.warn("server.cors is *: any page in a browser on this machine may call");
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(settings.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** It answers. */
    void ready(Catalogue catalogue, Map<String, Path> folders) {
        diagnostics.clearBar();
        diagnostics.block(String.format(Locale.ROOT, "Rerank4j answers at %s (ready after %.1f s)",
                Style.BOLD.on(TextLayout.printable(address), colours), (System.nanoTime() - start) / 1e9));
        if (!terminal) {
            return;
        }
        fact("model", catalogue.models().isEmpty()
                ? "none: first stages alone are answered"
                : catalogue.models().stream().map(ServedModel::name).collect(Collectors.joining(", ")));
        catalogue.cascade().ifPresent(cascade -> fact("", cascade.name() + ": " + cascade.stages().stream()
                .map(stage -> stage.model().name() + " reads " + Units.count(stage.depth()))
                .collect(Collectors.joining(", then "))));
        if (catalogue.indexes().isEmpty()) {
            fact("index", "none: texts come with the requests; --index DIR searches, and takes documents");
        }
        catalogue.indexes().forEach(index -> fact("index", described(index, folders)));
        fact("keys", keys.isEmpty()
                ? isLoopback() ? "none: everybody on this machine may use it" : "none"
                : keys.stream().map(ApiKey::name).collect(Collectors.joining(", ")));
        fact("stop", "Ctrl-C");
    }

    private static String described(ServedIndex index, Map<String, Path> folders) {
        String place = index.name() + ", " + folders.getOrDefault(index.name(), Path.of("")) + ": ";
        int documents = index.documents();
        if (documents == 0) {
            return place + "empty; POST /api/documents adds to it";
        }
        String language = index.language().isEmpty() ? "" : ", " + index.language();
        return place + Units.count(documents) + (documents == 1 ? " document, " : " documents, ") + "passages: "
                + Units.count(index.passages(Filter.NONE)) + language;
    }

    private void fact(String name, String text) {
        diagnostics.block("  " + Style.DIM.on(String.format(Locale.ROOT, "%-6s", name), colours) + " "
                + TextLayout.printable(text));
    }

    /** It was told to stop. */
    void stopping() {
        diagnostics.clearBar();
        diagnostics.say("stopping: requests that run may finish, for " + Units.text(settings.shutdownTimeout())
                + " at most; once more to stop at once");
    }

    /** It has stopped. */
    void stopped() {
        diagnostics.say("stopped");
    }
}
