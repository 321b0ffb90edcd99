package dev.rerank4j.examples.langchain4jrag;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line and the environment say.
 *
 * @param question not blank
 * @param chat the chat model that is configured, if one is
 */
record Settings(String question, Optional<Chat> chat) {

    static final String HELP = """
            Answers a question from a company's handbook, with cited passages, without and with reranking.

                examples/run langchain4j-rag [QUESTION]

            A chat model writes the answer if the environment names one; else it is made of the passages' sentences:

                OLLAMA_BASE_URL    such as http://localhost:11434
                OPENAI_BASE_URL    of any server that speaks OpenAI's chat format, such as http://localhost:8000/v1
                OPENAI_API_KEY     for that server, if it wants one
                CHAT_MODEL         the name of the model there; of Ollama llama3.2 if not said
            """;

    static final String QUESTION = "can I keep my old laptop when I get a new one";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * A chat model and where it is.
     *
     * @param name for people
     */
    record Chat(String name, ChatModel model) {
    }

    /** @throws IllegalArgumentException if they do not make sense, with a sentence for the person who typed them */
    static Settings of(List<String> arguments, Map<String, String> environment) {
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                throw new IllegalArgumentException("there is no option " + argument + "; see --help");
            }
        }
        String question = String.join(" ", arguments).strip();
        return new Settings(question.isEmpty() ? QUESTION : question, chat(environment));
    }

    private static Optional<Chat> chat(Map<String, String> environment) {
        Optional<String> openAi = value(environment, "OPENAI_BASE_URL");
        Optional<String> ollama = value(environment, "OLLAMA_BASE_URL");
        Optional<String> model = value(environment, "CHAT_MODEL");
        if (openAi.isPresent()) {
            String name = model.orElseThrow(
                    () -> new IllegalArgumentException("OPENAI_BASE_URL needs CHAT_MODEL, the name of a model there"));
            return Optional.of(new Chat(name + " at " + openAi.get(), OpenAiChatModel.builder()
                    .baseUrl(address("OPENAI_BASE_URL", openAi.get()))
                    .apiKey(value(environment, "OPENAI_API_KEY").orElse("none")).modelName(name)
                    .temperature(0.0).timeout(PATIENCE).maxRetries(0).build()));
        }
        return ollama.map(url -> {
            String name = model.orElse("llama3.2");
            return new Chat(name + " at " + url, OllamaChatModel.builder().baseUrl(address("OLLAMA_BASE_URL", url))
                    .modelName(name).temperature(0.0).timeout(PATIENCE).maxRetries(0).build());
        });
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static String address(String variable, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // the same complaint as below
        }
        throw new IllegalArgumentException(variable + " must be an http address, got " + url);
    }
}
