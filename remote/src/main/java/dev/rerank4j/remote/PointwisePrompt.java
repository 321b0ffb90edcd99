package dev.rerank4j.remote;

import java.util.Locale;

/** How a language model is asked whether a passage is relevant. */
public enum PointwisePrompt {

    /** In a conversation, for any model that follows instructions. */
    CHAT("pointwise-1"),
    /**
     * By the template that the model card of Qwen3-Reranker gives, to the letter; it goes past the server's template.
     */
    QWEN3_RERANKER("qwen3-reranker-1");

    private final String resource;

    PointwisePrompt(String resource) {
        this.resource = resource;
    }

    /**
     * {@return the prompt for a model, by its name: that of Qwen3-Reranker if {@code qwen3} and {@code rerank} stand in
     * it}
     *
     * @param model the model's name; upper and lower case are the same
     */
    public static PointwisePrompt of(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        return name.contains("qwen3") && name.contains("rerank") ? QWEN3_RERANKER : CHAT;
    }

    String resource() {
        return resource;
    }
}
