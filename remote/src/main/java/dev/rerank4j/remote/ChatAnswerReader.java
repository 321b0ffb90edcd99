package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.ChatAnswer.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads the answers of both APIs, whole or in a stream: some servers stream whatever they are asked. Ollama's stream is
 * one JSON object a line, OpenAI's is of server-sent events. For one answer.
 */
final class ChatAnswerReader {

    private static final String END_OF_STREAM = "[DONE]";

    private final String service;
    private final StringBuilder text = new StringBuilder();
    private final List<Token> tokens = new ArrayList<>();
    private Usage usage = Usage.UNKNOWN;
    private boolean begun;
    private boolean ended;

    private ChatAnswerReader(String service) {
        this.service = service;
    }

    /**
     * @throws RerankException of kind {@code MODEL} if it is no answer of the kind, or a part of one; of kind
     *         {@code UNAVAILABLE} if the server says in its midst that it failed
     */
    static ChatAnswer read(String service, byte[] body) {
        ChatAnswerReader reader = new ChatAnswerReader(service);
        try {
            String start = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).stripLeading();
            if (start.startsWith("data:") || start.startsWith("event:") || start.startsWith(":")) {
                reader.readEvents(new String(body, StandardCharsets.UTF_8));
            } else {
                reader.readObjects(body);
            }
        } catch (IOException e) {
            // Jackson's message quotes the answer.
            throw new RerankException(Kind.MODEL, service + " answered with something that is not JSON");
        }
        return reader.answer();
    }

    private ChatAnswer answer() {
        if (!begun) {
            throw new RerankException(Kind.MODEL, service + " answered with something that is not a chat completion: "
                    + "give the address of a server for chat");
        }
        if (!ended) {
            throw new RerankException(Kind.MODEL, service + " broke its answer off");
        }
        return new ChatAnswer(text.toString(), List.copyOf(tokens), usage);
    }

    private void readObjects(byte[] body) throws IOException {
        try (MappingIterator<JsonNode> objects = HttpService.JSON.readerFor(JsonNode.class).readValues(body)) {
            while (objects.hasNextValue()) {
                add(objects.nextValue());
            }
        }
    }

    private void readEvents(String body) throws IOException {
        StringBuilder data = new StringBuilder();
        for (String line : (body + "\n\n").lines().toList()) {
            if (line.startsWith("data:")) {
                data.append(line, "data:".length(), line.length()).append('\n');
            } else if (line.isEmpty()) {
                addEvent(data.toString().strip());
                data.setLength(0);
            }
        }
    }

    private void addEvent(String data) throws IOException {
        if (data.equals(END_OF_STREAM)) {
            ended = true;
        } else if (!data.isEmpty()) {
            add(HttpService.JSON.readTree(data));
        }
    }

    /** An answer, or a piece of one. */
    private void add(JsonNode piece) {
        if (piece.hasNonNull("error")) {
            throw new RerankException(Kind.UNAVAILABLE, service + " failed while it answered");
        }
        JsonNode choice = piece.path("choices").path(0);
        boolean ollama = piece.has("message") || piece.has("response");
        if (ollama) {
            begun = true;
            text.append(content(piece.path("message").path("content"))).append(content(piece.path("response")));
            addTokens(piece.path("logprobs"));
            ended |= piece.path("done").asBoolean(false);
        } else if (choice.isObject()) {
            begun = true;
            text.append(content(choice.path("message").path("content")))
                    .append(content(choice.path("delta").path("content"))).append(content(choice.path("text")));
            JsonNode given = choice.path("logprobs");
            addTokens(given.path("content"));
            addOldTokens(given.path("tokens"), given.path("top_logprobs"));
            // Whole answers of some servers lack a reason for their end.
            ended |= choice.hasNonNull("finish_reason") || choice.has("message");
        }
        addUsage(piece);
    }

    /** A text, or the parts of one. */
    private static String content(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder parts = new StringBuilder();
        content.forEach(part -> parts.append(part.path("text").asText("")));
        return parts.toString();
    }

    /** Ollama's, and those of OpenAI's chat. */
    private void addTokens(JsonNode given) {
        for (JsonNode token : given) {
            Map<String, Double> top = new HashMap<>();
            put(top, token);
            token.path("top_logprobs").forEach(other -> put(top, other));
            tokens.add(new Token(token.path("token").asText(""), top));
        }
    }

    private static void put(Map<String, Double> top, JsonNode token) {
        JsonNode logprob = token.path("logprob");
        if (logprob.isNumber() && Double.isFinite(logprob.doubleValue())) {
            top.merge(token.path("token").asText(""), logprob.doubleValue(), Math::max);
        }
    }

    /** Those of OpenAI's older completions: texts and maps. */
    private void addOldTokens(JsonNode texts, JsonNode tops) {
        for (int i = 0; i < tops.size(); i++) {
            Map<String, Double> top = new HashMap<>();
            tops.get(i).properties().forEach(entry -> {
                if (entry.getValue().isNumber() && Double.isFinite(entry.getValue().doubleValue())) {
                    top.put(entry.getKey(), entry.getValue().doubleValue());
                }
            });
            tokens.add(new Token(texts.path(i).asText(""), top));
        }
    }

    private void addUsage(JsonNode piece) {
        JsonNode openai = piece.path("usage");
        Usage said = new Usage(
                number(openai.isObject() ? openai.path("prompt_tokens") : piece.path("prompt_eval_count")),
                number(openai.isObject() ? openai.path("completion_tokens") : piece.path("eval_count")),
                OptionalDouble.empty());
        if (said.inputTokens().isPresent() || said.outputTokens().isPresent()) {
            usage = said; // streams repeat it, and the last is the sum
        }
    }

    private static OptionalLong number(JsonNode count) {
        return count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }
}
