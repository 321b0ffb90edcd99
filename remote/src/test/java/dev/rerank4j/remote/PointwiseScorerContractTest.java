package dev.rerank4j.remote;

import dev.rerank4j.Scorer;
import dev.rerank4j.ScorerContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a scorer must keep, kept by a language model that reads words and is asked about single passages. */
@ParameterizedClass
@MethodSource("ways")
class PointwiseScorerContractTest extends ScorerContract {

    private static ScriptedServer server;

    @Parameter
    private String way;

    private Scorer scorer;

    static List<String> ways() {
        return List.of("ollama:words", "openai:words-stream", "ollama:qwen3-reranker", "openai:qwen3-reranker");
    }

    @BeforeAll
    static void start() throws IOException {
        server = ChatWordServer.start();
    }

    @AfterEach
    void close() {
        if (scorer != null) {
            scorer.close();
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected Scorer scorer() {
        if (scorer == null) {
            scorer = freshScorer();
        }
        return scorer;
    }

    @Override
    protected Scorer freshScorer() {
        LanguageModelOptions model = ChatWordServer.model(way, RemoteOptions.at(server.address()));
        return LanguageModels.pointwise(model, PointwisePrompt.of(model.model()));
    }

    @Override
    protected double tolerance() {
        return 1e-4;
    }
}
