package dev.rerank4j.remote;

/** How a language model is spoken to. */
public enum ChatApi {
    /** Ollama's own API. */
    OLLAMA,
    /** Chat completions of OpenAI, and of the many servers that are compatible. */
    OPENAI
}
