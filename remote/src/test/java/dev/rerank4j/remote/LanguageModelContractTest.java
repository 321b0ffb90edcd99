package dev.rerank4j.remote;

import dev.rerank4j.Reranker;
import dev.rerank4j.RerankerContract;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A language model that orders keeps what every reranker keeps, over both APIs and by both methods. */
@ParameterizedClass
@MethodSource("ways")
class LanguageModelContractTest extends RerankerContract {

    private static ScriptedServer server;

    @Parameter
    private Way way;

    private LanguageModelReranker reranker;

    private enum Way {
        LISTWISE {
            @Override
            LanguageModelReranker reranker(ChatApi api, URI address) {
                return LanguageModels.listwise(api, "reader", 4, 2, RemoteOptions.at(address));
            }
        },
        SETWISE {
            @Override
            LanguageModelReranker reranker(ChatApi api, URI address) {
                return LanguageModels.setwise(api, "reader", 4, RemoteOptions.at(address));
            }
        };

        abstract LanguageModelReranker reranker(ChatApi api, URI address);
    }

    private static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    @BeforeAll
    static void start() throws IOException {
        server = ReadingModel.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        reranker.close();
    }

    @Override
    protected Reranker reranker() {
        if (reranker == null) {
            reranker = way.reranker(ChatApi.OLLAMA, server.address());
        }
        return reranker;
    }
}
