package dev.rerank4j.eval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.URI;

/** The two ways in which chat servers are spoken to. Only what all servers of a kind take is sent. */
enum ChatClientDialect {

    OPENAI("/v1", "/chat/completions") {
        @Override
        String content(JsonObject answer) {
            JsonArray choices = answer.getAsJsonArray("choices");
            return text(choices.get(0).getAsJsonObject().getAsJsonObject("message").get("content"));
        }
    },

    OLLAMA("/api", "/chat") {
        @Override
        JsonObject request(String model, String instructions, String text) {
            JsonObject request = super.request(model, instructions, text);
            JsonObject options = new JsonObject();
            options.addProperty("temperature", 0); // equal collections, equal queries
            request.add("options", options);
            return request;
        }

        @Override
        String content(JsonObject answer) {
            return text(answer.getAsJsonObject("message").get("content"));
        }
    };

    private static final int OLLAMA_PORT = 11434;

    private final String root;
    private final String path;

    ChatClientDialect(String root, String path) {
        this.root = root;
        this.path = path;
    }

    static ChatClientDialect of(URI address) {
        String given = trimmed(address);
        return given.endsWith(OLLAMA.root) || given.endsWith(OLLAMA.root + OLLAMA.path)
                || given.isEmpty() && address.getPort() == OLLAMA_PORT ? OLLAMA : OPENAI;
    }

    /** Where questions go: the address with what is missing of the path. */
    URI endpoint(URI address) {
        String given = trimmed(address);
        String missing = given.endsWith(path) ? "" : given.endsWith(root) ? path : root + path;
        return URI.create(address.getScheme() + "://" + address.getRawAuthority() + given + missing);
    }

    private static String trimmed(URI address) {
        return address.getRawPath().replaceFirst("/+$", "");
    }

    JsonObject request(String model, String instructions, String text) {
        JsonArray messages = new JsonArray();
        messages.add(message("system", instructions));
        messages.add(message("user", text));
        JsonObject request = new JsonObject();
        request.addProperty("model", model);
        request.addProperty("stream", false);
        request.add("messages", messages);
        return request;
    }

    private static JsonObject message(String role, String content) {
        JsonObject message = new JsonObject();
        message.addProperty("role", role);
        message.addProperty("content", content);
        return message;
    }

    /**
     * What was said.
     *
     * @throws JsonParseException if the body is not what servers of this kind send
     */
    String answer(String body) {
        try {
            return content(JsonParser.parseString(body).getAsJsonObject());
        } catch (IllegalStateException | ClassCastException | NullPointerException | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            // A key is missing or holds another kind of value; its exception may quote the text.
            throw new JsonParseException("not an answer");
        }
    }

    abstract String content(JsonObject answer);

    private static String text(JsonElement content) {
        return content.isJsonNull() ? "" : content.getAsString();
    }
}
