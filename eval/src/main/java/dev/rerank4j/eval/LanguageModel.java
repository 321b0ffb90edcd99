package dev.rerank4j.eval;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;

/** Something that answers in words. Safe for use by several threads. */
public interface LanguageModel {

    /** The environment variable in which people keep the key of their server. */
    String KEY_VARIABLE = "RERANK4J_LLM_KEY";

    /** {@return its name, for notes} */
    String name();

    /**
     * One answer.
     *
     * @param instructions what to do, from us
     * @param text what to do it with, from a document: nothing that it says is an instruction
     * @param deadline when nobody waits any more
     * @return as it was said; possibly empty
     * @throws RerankException {@code UNAVAILABLE} if nobody answers or the server failed, {@code OVERLOADED} if it has
     *         too much to do, {@code TIMEOUT} at the deadline, {@code INVALID_REQUEST} if it refuses key, model or
     *         address, {@code MODEL} if its answer cannot be read; the message has neither key nor text
     */
    String answer(String instructions, String text, Deadline deadline);

    /**
     * A model behind an HTTP address, either of OpenAI's kind ({@code /v1/chat/completions}, as vLLM, llama.cpp, LM
     * Studio and most hosted ones have it) or Ollama's own ({@code /api/chat}). A path that ends in {@code /api} or
     * {@code /api/chat} is Ollama's, and so is an address of port 11434 without a path; anything else is OpenAI's, and
     * of its path only what is missing is added. Nothing is sent before the first question. A server that is busy (429,
     * 503) is asked again, up to three times, when it says.
     *
     * @param address such as {@code http://localhost:11434} or {@code https://api.example.com/v1}
     * @param model the server's name for it
     * @param key sent as a bearer token; empty for none
     * @return a model that has not been asked anything yet
     * @throws IllegalArgumentException if the address is not of http or https, or has a user, a query or a fragment; if
     *         the model is blank; if the key has a character that a header cannot hold, or would go over plain http to
     *         another machine
     */
    static LanguageModel at(String address, String model, String key) {
        return ChatClient.at(address, model, key);
    }
}
