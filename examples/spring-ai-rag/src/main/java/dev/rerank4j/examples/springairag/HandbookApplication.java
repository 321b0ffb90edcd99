package dev.rerank4j.examples.springairag;

import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Asks a company's handbook. The starter brings the model, the encoder and the post-processor; what is here is what any
 * application with Spring AI has: documents, a vector store, a chat model.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(ChatSettings.class)
public class HandbookApplication {

    static final String QUESTION = "a reporter called me with questions about us";

    private static final String HELP = """
            Answers a question from a company's handbook, with cited passages, without and with reranking.

                examples/run spring-ai-rag [QUESTION] [--PROPERTY=VALUE ...]

            A chat model writes the answer if the environment names one; else it is made of the passages' sentences:

                OLLAMA_BASE_URL    such as http://localhost:11434
                OPENAI_BASE_URL    of any server that speaks OpenAI's chat format, such as http://localhost:8000/v1
                OPENAI_API_KEY     for that server, if it wants one
                CHAT_MODEL         the name of the model there; llama3.2 if not said

            Properties are those of src/main/resources/application.properties and of docs/spring-ai.md.
            """;

    /**
     * Answers one question.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** {@return the exit code} */
    static int run(String... arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(HELP);
            return 0;
        }
        String words = String.join(" ", Arrays.stream(arguments).filter(word -> !word.startsWith("--")).toList());
        try (ConfigurableApplicationContext context = start(arguments)) {
            if (context == null) {
                return 1;
            }
            context.getBean(Answers.class).print(words.isBlank() ? QUESTION : words.strip());
            return 0;
        } catch (RuntimeException e) {
            System.err.println("spring-ai-rag: " + e.getMessage());
            return 1;
        }
    }

    private static @Nullable ConfigurableApplicationContext start(String... arguments) {
        try {
            return SpringApplication.run(HandbookApplication.class, arguments);
        } catch (RuntimeException e) {
            return null; // Spring Boot has said why
        }
    }

    @Bean
    OnnxEncoder encoder() { // of this type, because passages are counted in its tokens
        return OnnxEncoder.builtIn();
    }

    @Bean
    VectorStore handbook(EmbeddingModel model, OnnxEncoder encoder, @Value("${example:.}") String folder)
            throws IOException {
        Path files = Path.of(folder, "..", "handbook", "docs").normalize();
        return Handbook.store(files, Path.of(folder, "target"), model, encoder);
    }

    @Bean
    Answers answers(VectorStore handbook, DocumentPostProcessor reranking, Scorer scorer, ChatSettings settings,
            ObjectProvider<ChatModel> provided) {
        ChatModel model = provided.getIfAvailable(); // by one of Spring AI's starters
        if (model != null) {
            return new Answers(handbook, reranking, scorer, model, "the chat model", System.out, System.err);
        }
        return settings.address().map(address -> new Answers(handbook, reranking, scorer,
                new CompletionsChatModel(address, settings, HttpClient.newHttpClient()),
                settings.model() + " at " + address, System.out, System.err))
                .orElseGet(() -> new Answers(handbook, reranking, scorer, prompt -> {
                    throw new IllegalStateException("there is no chat model");
                }, "", System.out, System.err));
    }
}
