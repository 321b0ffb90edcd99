package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Locale;

/** How a language model is spoken to. */
public enum ChatApi {

    /**
     * Ollama's own API: {@code /api/chat}, and {@code /api/generate} where a model's template must be kept to the
     * letter. Its log-probabilities came with version 0.12.11.
     */
    OLLAMA("/api", "/chat", "/generate") {
        @Override
        ObjectNode body(String model, ChatRequest request) {
            ObjectNode body = request.json(model);
            if (request.raw().isPresent()) {
                body.put("raw", true);
            } else {
                // Without it, some models think by default, and at length.
                body.put("think", request.thinkingTokens() > 0);
            }
            body.put("truncate", false); // rather an error than a prompt without its beginning
            if (request.topLogprobs() > 0) {
                body.put("logprobs", true).put("top_logprobs", request.topLogprobs());
            }
            body.putObject("options").put("temperature", 0).put("seed", 0).put("num_predict", request.mostTokens())
                    .put("num_ctx", request.contextTokens());
            return body;
        }

        @Override
        String missing(String model) {
            return "if it has no model " + model + ", run `ollama pull " + model
                    + "`; if it has, check its address, which "
                    + "is like http://localhost:11434";
        }
    },

    /**
     * OpenAI's API, which many servers speak: {@code /v1/chat/completions}, and {@code /v1/completions} where a model's
     * template must be kept to the letter.
     */
    OPENAI("/v1", "/chat/completions", "/completions") {
        @Override
        ObjectNode body(String model, ChatRequest request) {
            // Nothing but what all servers of the kind take: some refuse a seed, which temperature 0 can do without.
            ObjectNode body = request.json(model);
            if (request.thinkingTokens() > 0) {
                body.put("max_completion_tokens", request.mostTokens()); // and models that think take no temperature
            } else {
                body.put("max_tokens", request.mostTokens()).put("temperature", 0);
            }
            if (request.topLogprobs() > 0 && request.raw().isPresent()) {
                body.put("logprobs", request.topLogprobs());
            } else if (request.topLogprobs() > 0) {
                body.put("logprobs", true).put("top_logprobs", request.topLogprobs());
            }
            return body;
        }

        @Override
        String missing(String model) {
            return "openai has no model " + model
                    + ", or its address is wrong: give the name of a model that the server "
                    + "has, and an address like https://llm.example.com/v1";
        }
    };

    private final String root;
    private final String chat;
    private final String completion;

    ChatApi(String root, String chat, String completion) {
        this.root = root;
        this.chat = chat;
        this.completion = completion;
    }

    /** What is sent. */
    abstract ObjectNode body(String model, ChatRequest request);

    /** What to do if the server knows no such model, or no such path. */
    abstract String missing(String model);

    /** The name of the service in messages and in names of models. */
    String service() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Where a request goes: the path of an address as people give it, with what is missing of it. All of these lead to
     * the same: nothing, {@code /v1}, {@code /v1/chat/completions}.
     */
    String path(URI address, ChatRequest request) {
        String given = address.getRawPath().replaceFirst("/+$", "");
        String wanted = request.raw().isPresent() ? completion : chat;
        for (String last : new String[]{chat, completion}) {
            if (given.endsWith(last)) {
                return given.substring(0, given.length() - last.length()) + wanted;
            }
        }
        return given + (given.endsWith(root) ? "" : root) + wanted;
    }
}
