package dev.rerank4j.server;

import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The page at {@code /} and its files below {@code /page}. A browser asks every time whether they have changed, and is
 * told by their content: in a reproducible build every file has the same date.
 *
 * @param name of the one file to answer with; empty for the one that the address names
 */
record Page(Optional<String> name) implements Action {

    /** Nothing else can be asked for: no folder, no dots. */
    private static final Pattern FILE = Pattern.compile("[a-z-]+\\.(js|css|svg)");

    static Page file(String name) {
        return new Page(Optional.of(name));
    }

    static Page named() {
        return new Page(Optional.empty());
    }

    @Override
    public Reply answer(Exchange exchange) {
        String wanted = name.orElseGet(() -> "page/" + checked(exchange.request().path().pathParameters().get("name")));
        byte[] bytes = resource(wanted);
        String tag = '"' + HexFormat.of().formatHex(ApiKey.hash(bytes), 0, 8) + '"';
        Map<String, String> headers = Map.of("Cache-Control", "no-cache", "ETag", tag);
        boolean known = exchange.request().headers().value(HeaderNames.IF_NONE_MATCH).filter(tag::equals).isPresent();
        return new Reply(known ? 304 : 200, headers, type(wanted), known ? new byte[0] : bytes);
    }

    private static String checked(String file) {
        if (!FILE.matcher(file).matches()) {
            throw notFound();
        }
        return file;
    }

    static byte[] resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw notFound();
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Refusal notFound() {
        return new Refusal(Reason.NOT_FOUND, "there is no such file of the page");
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "application/json";
        };
    }
}
