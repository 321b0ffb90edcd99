package dev.rerank4j.onnx;

import dev.rerank4j.onnx.HubRepository.Content;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a {@link HubServer} is about to send, and what can go wrong with that.
 *
 * @param content of the body
 * @param from the body's first byte in it
 * @param to the byte after its last
 * @param cut how many of them are sent before the connection is cut; -1 if it is not
 * @param before done once that many have been sent, and before the cut
 */
public record HubAnswer(int status, Map<String, String> headers, Content content, long from, long to, long cut,
        Runnable before) {

    static HubAnswer of(int status, Map<String, String> headers, Content content) {
        return new HubAnswer(status, headers, content, 0, content.size(), -1, () -> {
        });
    }

    static HubAnswer text(int status, Map<String, String> headers, String type, String text) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", type);
        return of(status, all, Content.of("", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** An error as the Hub sends it. */
    static HubAnswer error(int status, String code, String message) {
        return text(status, Map.of("X-Error-Code", code, "X-Error-Message", message), "application/json",
                "{\"error\":\"" + message + "\"}");
    }

    HubAnswer with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new HubAnswer(status, all, content, from, to, cut, before);
    }

    /** The part that a {@code Range: bytes=N-} asks for. */
    HubAnswer range(String range) {
        if (range == null || !range.matches("bytes=\\d+-") || status != 200) {
            return this;
        }
        long first = Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
        if (first >= content.size()) {
            return text(416, Map.of("Content-Range", "bytes */" + content.size()), "text/plain", "out of range");
        }
        return new HubAnswer(206, headers, content, first, content.size(), cut, before).with("Content-Range",
                "bytes " + first + "-" + (content.size() - 1) + "/" + content.size());
    }

    public static UnaryOperator<HubAnswer> status(int status, String... headers) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return answer -> text(status, all, "text/plain", "status " + status);
    }

    /** The connection is cut after so many bytes of the body. */
    public static UnaryOperator<HubAnswer> cut(long bytes) {
        return cut(bytes, () -> {
        });
    }

    /** Something is done after so many bytes of the body, and then the connection is cut. */
    public static UnaryOperator<HubAnswer> cut(long bytes, Runnable before) {
        return answer -> new HubAnswer(answer.status, answer.headers, answer.content, answer.from, answer.to, bytes,
                before);
    }

    /** Something is done after so many bytes of the body, which then goes on. */
    public static UnaryOperator<HubAnswer> pause(long bytes, Runnable meanwhile) {
        return answer -> new HubAnswer(answer.status, answer.headers, answer.content, answer.from, answer.to,
                -bytes - 1,
                meanwhile);
    }

    /** Another body, with the same headers. */
    public static UnaryOperator<HubAnswer> body(byte[] bytes) {
        return answer -> new HubAnswer(answer.status, answer.headers, Content.of("", bytes), 0, bytes.length,
                answer.cut,
                answer.before);
    }

    /** All of it, whatever part was asked for. */
    public static UnaryOperator<HubAnswer> whole() {
        return answer -> new HubAnswer(200, answer.headers, answer.content, 0, answer.content.size(), answer.cut,
                answer.before);
    }
}
