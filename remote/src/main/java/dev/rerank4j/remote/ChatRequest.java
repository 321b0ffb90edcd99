package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a language model is asked.
 *
 * @param messages the conversation; of no account if there is a raw prompt
 * @param raw a prompt that is taken as it is, special tokens included
 * @param answerTokens how long the answer may be
 * @param thinkingTokens how many more the model may spend on thinking before it answers; 0 if it shall not think
 * @param contextTokens what prompt and answer fit into; the same for all requests of one kind, as Ollama loads a model
 *        anew for another
 * @param topLogprobs for each token of the answer, of how many tokens the log-probability is wanted
 */
record ChatRequest(List<ChatMessage> messages, Optional<String> raw, int answerTokens, int thinkingTokens,
        int contextTokens, int topLogprobs) {

    static ChatRequest of(List<ChatMessage> messages, int answerTokens, int thinkingTokens, int contextTokens) {
        return new ChatRequest(List.copyOf(messages), Optional.empty(), answerTokens, thinkingTokens, contextTokens, 0);
    }

    int mostTokens() {
        return answerTokens + thinkingTokens;
    }

    /** What both APIs have in common. */
    ObjectNode json(String model) {
        ObjectNode body = HttpService.JSON.createObjectNode().put("model", model).put("stream", false);
        if (raw.isPresent()) {
            return body.put("prompt", raw.get());
        }
        ArrayNode said = body.putArray("messages");
        messages.forEach(message -> said.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT))
                .put("content", message.text()));
        return body;
    }
}
