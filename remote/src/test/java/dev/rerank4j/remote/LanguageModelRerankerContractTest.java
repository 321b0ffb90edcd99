package dev.rerank4j.remote;

import dev.rerank4j.Reranker;
import dev.rerank4j.RerankerContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reranker must keep, kept by a language model that reads words, in each of the ways to ask one. */
@ParameterizedClass
@MethodSource("ways")
class LanguageModelRerankerContractTest extends RerankerContract {

    private static ScriptedServer server;

    @Parameter
    private String way;

    private LanguageModelReranker reranker;

    /** The last is the method. */
    static List<String> ways() {
        return ChatWordServer.ways().stream().flatMap(way -> List.of(way + ":listwise", way + ":setwise").stream())
                .toList();
    }

    @BeforeAll
    static void start() throws IOException {
        server = ChatWordServer.start();
    }

    @AfterEach
    void close() {
        if (reranker != null) {
            reranker.close();
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Windows so small that they slide over the contract's eight candidates. */
    @Override
    protected Reranker reranker() {
        if (reranker == null) {
            LanguageModelOptions model = ChatWordServer.model(way, RemoteOptions.at(server.address()));
            reranker = way.endsWith("listwise")
                    ? LanguageModels.listwise(model, 4, 2)
                    : LanguageModels.setwise(model, LanguageModels.SET, LanguageModels.BEST);
        }
        return reranker;
    }
}
