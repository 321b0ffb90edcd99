package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.WordScorer;
import dev.rerank4j.remote.ApiKey;
import dev.rerank4j.remote.BilledUnit;
import dev.rerank4j.remote.RemoteCall;
import dev.rerank4j.remote.RemoteOptions;
import dev.rerank4j.remote.RemoteScorer;
import dev.rerank4j.remote.RerankApi;
import dev.rerank4j.server.AccessLog;
import dev.rerank4j.server.Catalogue;
import dev.rerank4j.server.RerankServer;
import dev.rerank4j.server.ServedModel;
import dev.rerank4j.server.ServerOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the server says in each dialect, and what the client of that dialect makes of it. */
@Timeout(120)
@ParameterizedClass
@EnumSource(RerankApi.class)
class DialectMatrixTest {

    /** In the others the server answers with probabilities, as their originals do. */
    private static final Set<RerankApi> LOGITS = EnumSet.of(RerankApi.NIM, RerankApi.TEI, RerankApi.VLLM,
            RerankApi.INFINITY);

    private static final String QUERY = "which birds nest on roofs";

    private static final WordScorer WORDS = new WordScorer();
    private static RerankServer server;

    @Parameter
    private RerankApi api;

    private final List<RemoteCall> calls = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void start() {
        ServedModel model = new ServedModel("words", WORDS, 512, List::of, ServedModel.Load.UNKNOWN);
        server = RerankServer.start(ServerOptions.defaults().withPort(0), CompletableFuture.completedFuture(
                new Catalogue(List.of(model), Optional.empty(), List.of())),
                List.of(dev.rerank4j.server.ApiKey.of("matrix", "k3y", false)), AccessLog.NONE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private RemoteScorer scorer(String key) {
        return RemoteScorer.of(api, "words", RemoteOptions.at(URI.create("http://localhost:" + server.port()))
                .withKey(ApiKey.of(key)).withListener(calls::add));
    }

    private void sameAsThere(List<String> texts) {
        ScoreRequest request = ScoreRequest.of(QUERY, texts);
        Scores there = WORDS.score(request);
        try (Scorer scorer = scorer("k3y")) {
            Scores here = scorer.score(request);
            assertArrayEquals(LOGITS.contains(api) ? there.logits() : there.probabilities(), here.logits(), 1e-6f);
            assertEquals(0, here.probabilities().length);
        }
    }

    @Test
    void scoresComeBackToTheirTexts() {
        sameAsThere(List.of("storks nest on roofs", "", "in spring", "birds nest", "Störche 🐦 \0", "roofs"));
    }

    @Test
    void oneTextIsAnswered() {
        sameAsThere(List.of("birds on roofs"));
    }

    @Test
    void manyTextsGoOutInSeveralCalls() {
        sameAsThere(IntStream.range(0, 1200).mapToObj(i -> "bird " + i + (i % 7 == 0 ? " on roofs" : " on trees"))
                .toList());
        assertEquals((1200 + api.limits().texts() - 1) / api.limits().texts(), calls.size());
    }

    @Test
    void longTextsAreCutThereAndNotRefused() {
        List<String> texts = List.of("birds nest on roofs " + "and elsewhere ".repeat(600), "roofs");
        try (Scorer scorer = scorer("k3y")) {
            if (api == RerankApi.LLAMA_CPP) {
                sameAsThere(texts); // our own server cuts where the original refuses
                return;
            }
            assertEquals(2, scorer.score(ScoreRequest.of(QUERY, texts)).size());
        }
    }

    @Test
    void whatIsPaidForReachesTheListener() {
        try (Scorer scorer = scorer("k3y")) {
            scorer.score(ScoreRequest.of(QUERY, List.of("storks", "roofs")));
        }
        RemoteCall call = calls.getFirst();
        assertEquals(api.id(), call.service());
        assertEquals("words", call.model());
        assertEquals(api.billed() != BilledUnit.NONE, call.usage().billedUnits().isPresent(), call::toString);
        assertTrue(api.billed() != BilledUnit.TOKEN || call.usage().inputTokens().getAsLong() > 0, call::toString);
    }

    @Test
    void aWrongKeyIsRefusedAndNotRepeated() {
        try (Scorer scorer = scorer("wr0ng")) {
            RerankException e = assertThrows(RerankException.class,
                    () -> scorer.score(ScoreRequest.of(QUERY, List.of("roofs"))));
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertEquals(api.id() + " does not accept the key, or wants one (status 401): check the key, by custom in "
                    + api.keyVariable(), e.getMessage());
        }
        assertEquals(1, calls.getFirst().attempts());
    }
}
