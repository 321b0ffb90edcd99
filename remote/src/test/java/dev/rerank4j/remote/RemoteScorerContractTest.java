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

/** What a scorer must keep, kept in each of the dialects by a server that scores by words. */
@ParameterizedClass
@EnumSource(RerankApi.class)
class RemoteScorerContractTest extends ScorerContract {

    private static ScriptedServer server;

    @Parameter
    private RerankApi api;

    private RemoteScorer scorer;

    @BeforeAll
    static void start() throws IOException {
        server = WordServer.start();
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

    /** Without limits of its own, a scorer would cut nothing that the server does not. */
    @Override
    protected Scorer scorer() {
        if (scorer == null) {
            scorer = fresh();
        }
        return scorer;
    }

    @Override
    protected Scorer freshScorer() {
        return fresh();
    }

    private RemoteScorer fresh() {
        RerankLimits own = api.limits();
        return RemoteScorer.of(api, "words", RemoteOptions.at(server.address()),
                new RerankLimits(own.texts(), Math.min(own.pairTokens(), 8192), own.callTokens()));
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }
}
