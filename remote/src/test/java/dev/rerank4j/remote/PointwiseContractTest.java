package dev.rerank4j.remote;

import dev.rerank4j.Scorer;
import dev.rerank4j.ScorerContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A language model that judges single passages keeps what every scorer keeps, over both APIs. */
@ParameterizedClass
@EnumSource(ChatApi.class)
class PointwiseContractTest extends ScorerContract {

    private static ScriptedServer server;

    @Parameter
    private ChatApi api;

    private Scorer scorer;

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
        if (scorer != null) {
            scorer.close();
        }
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
        return LanguageModels.pointwise(api, "reader", RemoteOptions.at(server.address()));
    }

    @Override
    protected double tolerance() {
        return 1e-5;
    }
}
