package dev.rerank4j.examples.springairag;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chat model behind OpenAI's chat format, which Ollama and most servers speak. Spring AI's own client of it brings 45
 * MB, too much for an example; an application that has one of its starters uses the {@code ChatModel} bean of that.
 */
record CompletionsChatModel(URI address, ChatSettings settings, HttpClient http) implements ChatModel {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public ChatResponse call(Prompt prompt) {
        Map<String, Object> question = Map.of("model", settings.model(), "temperature", 0, "stream", false, "messages",
                prompt.getInstructions().stream()
                        .map(message -> Map.of("role", message.getMessageType().name().toLowerCase(Locale.ROOT),
                                "content",
                                String.valueOf(message.getText())))
                        .toList());
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(settings.timeout())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(question)));
        if (!settings.key().isBlank()) {
            request.header("authorization", "Bearer " + settings.key());
        }
        return new ChatResponse(List.of(new Generation(new AssistantMessage(answer(request.build())))));
    }

    private String answer(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("status " + response.statusCode());
            }
            JsonNode text = JSON.readTree(response.body()).at("/choices/0/message/content");
            if (!text.isString() || text.stringValue().isBlank()) {
                throw new IllegalStateException("an answer without text");
            }
            return text.stringValue().strip();
        } catch (JacksonException e) {
            throw new IllegalStateException("an answer that is not JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException(e.getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
