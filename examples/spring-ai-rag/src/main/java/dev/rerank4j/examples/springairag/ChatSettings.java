package dev.rerank4j.examples.springairag;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Where the chat model is.
 *
 * @param openAi of a server that speaks OpenAI's chat format, with its {@code /v1}; may be empty
 * @param ollama of an Ollama, without path; may be empty
 * @param key for the server, may be empty
 * @param model its name there
 * @param timeout how long it may think
 */
@ConfigurationProperties("chat")
record ChatSettings(String openAi, String ollama, String key, String model, Duration timeout) {

    ChatSettings {
        require("open-ai", openAi);
        require("ollama", ollama);
    }

    /** What to ask; empty if nothing is configured. */
    Optional<URI> address() {
        if (!openAi.isBlank()) {
            return Optional.of(URI.create(openAi.replaceAll("/+$", "") + "/chat/completions"));
        }
        return ollama.isBlank()
                ? Optional.empty()
                : Optional.of(URI.create(ollama.replaceAll("/+$", "") + "/v1/chat/completions"));
    }

    private static void require(String name, String address) {
        if (!address.isBlank() && !address.matches("https?://[^/\\s]+(/\\S*)?")) {
            throw new InvalidConfigurationPropertyValueException("chat." + name, address,
                    "It must be an http address, such as http://localhost:11434.");
        }
    }
}
