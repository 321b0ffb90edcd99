package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two models that answer as one. */
class CascadeTest {

    /** What the cheap model thinks of each, and the strong one; the last is read by the first alone. */
    private static final List<String> TEXTS = List.of("-3 9", "1 -1", "0 2", "2 -2", "-1 9");

    /** The strong model reads the best three of the cheap one's 3 1 2 4 0. */
    private static final List<Integer> ORDER = List.of(2, 1, 3, 4, 0);

    private static final List<Integer> CHEAP_ORDER = List.of(3, 1, 2, 4, 0);

    private final Thinking cheap = new Thinking("cheap", 0);
    private final Thinking strong = new Thinking("strong", 1);
    private TestServer server;

    /** Reads one of the numbers of a text; says how probable that makes it. */
    private static final class Thinking implements Scorer {

        private final String name;
        private final int place;
        private final List<String> read = Collections.synchronizedList(new ArrayList<>());
        private final AtomicReference<Optional<RuntimeException>> failure = new AtomicReference<>(Optional.empty());
        private volatile boolean probable = true;
        private volatile Duration inference = Duration.ZERO;

        Thinking(String name, int place) {
            this.name = name;
            this.place = place;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Scores score(ScoreRequest request) {
            failure.get().ifPresent(e -> {
                throw e;
            });
            read.addAll(request.texts());
            int count = request.texts().size();
            float[] logits = new float[count];
            float[] probabilities = new float[probable ? count : 0];
            for (int i = 0; i < count; i++) {
                logits[i] = Float.parseFloat(request.texts().get(i).split(" ")[place]);
                if (probable) {
                    probabilities[i] = probability(logits[i]);
                }
            }
            int[] tokens = new int[count];
            Arrays.fill(tokens, 100 + place);
            return new Scores(logits, probabilities, tokens, new BitSet(),
                    new Scores.Timings(Duration.ZERO, Duration.ZERO, inference));
        }

        @Override
        public void close() {
        }
    }

    private static float probability(double logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    @BeforeEach
    void start() {
        server = TestServer.start(TestServer.OPTIONS, catalogue(0), List.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ServedModel served(Thinking model, long waiting) {
        return new ServedModel(model.name(), model, model.place == 0 ? 512 : 256, List::of,
                () -> new ServedModel.Load(waiting, 0, 0, 0));
    }

    private Catalogue catalogue(long waiting) {
        ServedModel first = served(cheap, 0);
        ServedModel second = served(strong, waiting);
        return new Catalogue(List.of(first, second), Optional.of(new ServedCascade("cascade",
                List.of(new ServedCascade.Stage(first, 4), new ServedCascade.Stage(second, 3)))), Optional.empty(),
                List.of());
    }

    private Answer ask(Dialect dialect) {
        return server.post(dialect, dialect.request(Dialect.QUERY, TEXTS).toString());
    }

    @ParameterizedTest
    @MethodSource("dev.rerank4j.server.Dialect#ordered")
    void theLastModelOrdersWhatTheFirstPutsFirst(Dialect dialect) {
        JsonNode answer = ask(dialect).ok();
        assertEquals(ORDER, dialect.order(answer));
        assertEquals(TEXTS, cheap.read, "texts come in no order: the first model reads all");
        assertEquals(List.of("1 -1", "0 2", "2 -2"), strong.read);
        assertTrue(ask(dialect).header("X-Rerank-Degraded").isEmpty());
    }

    /** The native API has the score of the model that read a text last. */
    private static Stream<Dialect> others() {
        return Dialect.ordered().filter(dialect -> dialect != Dialect.API_RERANK);
    }

    /** Whoever sorts by it, or cuts off below one of them, must not find the unread above the read. */
    @ParameterizedTest
    @MethodSource("others")
    void theScoresOfADialectFallWithTheRank(Dialect dialect) {
        List<Double> scores = dialect.scores(ask(dialect).ok());
        List<Float> logits = List.of(2f, -1f, -2f, -2f, -3f);
        for (int i = 0; i < 5; i++) {
            assertEquals(dialect == Dialect.NIM ? logits.get(i) : probability(logits.get(i)), scores.get(i), 1e-6,
                    scores.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = {"SCORE", "V1_SCORE"})
    void scoresInTheOrderOfTheRequestAreTheSame(Dialect dialect) {
        List<Double> scores = dialect.scores(ask(dialect).ok());
        List<Float> logits = List.of(-3f, -1f, 2f, -2f, -2f);
        IntStream.range(0, 5).forEach(i -> assertEquals(probability(logits.get(i)), scores.get(i), 1e-6));
    }

    @Test
    void theNativeApiHasWhatEachModelSaid() {
        JsonNode answer = server.post(Dialect.API_RERANK, Dialect.API_RERANK.request(Dialect.QUERY, TEXTS)
                .put("explain", true).toString()).ok();
        assertEquals("cascade", answer.get("model").textValue());
        assertFalse(answer.get("degraded").booleanValue());
        assertEquals(List.of("rerank-1", "rerank-2"), answer.get("stages").findValuesAsText("name"));
        assertEquals(List.of("5", "3"), answer.get("stages").findValuesAsText("candidates"));
        JsonNode best = answer.get("hits").get(0);
        assertEquals(2, best.get("score").floatValue());
        assertEquals(probability(2), best.get("probability").floatValue());
        assertEquals(Answer.parse("""
                [{"stage": "input", "rank": 3, "score": -2.0}, {"stage": "rerank-1", "rank": 3, "score": 0.0},
                 {"stage": "rerank-2", "rank": 1, "score": 2.0}, {"stage": "rerank", "rank": 1, "score": 2.0}]
                """), best.get("evidence"));
        JsonNode unread = answer.get("hits").get(3);
        assertEquals(-1, unread.get("score").floatValue(), "the logit of the model that read it last");
        assertEquals(probability(-1), unread.get("probability").floatValue());
        assertEquals(List.of("input", "rerank-1", "rerank"), unread.get("evidence").findValuesAsText("stage"));
        assertEquals(5 * 100 + 3 * 101, answer.get("usage").get("tokens").intValue());
    }

    @Test
    void whereTheLastModelGivesNoProbabilityThatOfTheFirstStays() {
        strong.probable = false;
        JsonNode answer = ask(Dialect.API_RERANK).ok();
        assertEquals(ORDER, Dialect.API_RERANK.order(answer));
        assertEquals(probability(0), answer.get("hits").get(0).get("probability").floatValue());
        List<Double> scores = Dialect.COHERE_V2.scores(ask(Dialect.COHERE_V2).ok());
        assertEquals(List.of(2.0, -1.0, -2.0, -2.0, -2.0), scores, "logits, as of a model without probabilities");
    }

    @ParameterizedTest
    @MethodSource("dev.rerank4j.server.Dialect#ordered")
    void whereALaterModelFailsTheOrderIsThatOfTheOneBefore(Dialect dialect) {
        for (RerankException.Kind kind : List.of(RerankException.Kind.TIMEOUT, RerankException.Kind.MODEL,
                RerankException.Kind.OVERLOADED)) {
            strong.failure.set(Optional.of(new RerankException(kind, "not this time")));
            Answer answer = ask(dialect);
            assertEquals(CHEAP_ORDER, dialect.order(answer.ok()));
            if (dialect == Dialect.API_RERANK) {
                assertTrue(answer.ok().get("degraded").booleanValue());
                assertEquals(List.of("completed", "failed"), answer.ok().get("stages").findValuesAsText("outcome"));
                assertEquals("not this time", answer.ok().get("stages").get(1).get("reason").textValue());
            } else {
                assertEquals(Optional.of("rerank-2"), answer.header("X-Rerank-Degraded"));
            }
        }
        assertEquals(3, server.metric("rerank4j_degraded_answers_total"));
        assertEquals(3, server
                .metric("rerank4j_stages_seconds_count{outcome=\"failed\",stage=\"rerank-2\"}"));
    }

    @ParameterizedTest
    @MethodSource("dev.rerank4j.server.Dialect#rerankers")
    void withoutTheFirstModelThereIsNoAnswer(Dialect dialect) {
        cheap.failure.set(Optional.of(new RerankException(RerankException.Kind.UNAVAILABLE, "not this time")));
        dialect.requireError(503, ask(dialect));
        assertEquals(List.of(), strong.read);
    }

    @Test
    void whereTheFirstModelIsLateTheTextsComeBackAsTheyCame() {
        cheap.failure.set(Optional.of(new RerankException(RerankException.Kind.TIMEOUT, "too late")));
        JsonNode answer = ask(Dialect.API_RERANK).ok();
        assertTrue(answer.get("degraded").booleanValue());
        assertEquals(List.of(0, 1, 2, 3, 4), Dialect.API_RERANK.order(answer));
    }

    @Test
    void aLaterModelThatIsBusyIsDoneWithout() {
        try (TestServer busy = TestServer.start(TestServer.OPTIONS, catalogue(1_000_000), List.of())) {
            strong.inference = Duration.ofSeconds(10); // seen to be slow once, it is known to be late
            String request = Dialect.COHERE_V2.request(Dialect.QUERY, TEXTS).toString();
            assertEquals(ORDER, Dialect.COHERE_V2.order(busy.post(Dialect.COHERE_V2, request).ok()));
            Answer answer = busy.post(Dialect.COHERE_V2, request);
            assertEquals(CHEAP_ORDER, Dialect.COHERE_V2.order(answer.ok()));
            assertEquals(Optional.of("rerank-2"), answer.header("X-Rerank-Degraded"));
        }
    }

    @Test
    void itIsAmongTheModelsAndEachOfThemAnswersByItsName() {
        assertEquals(List.of("cascade", "cheap", "strong"), server.get("/v1/models").ok().findValuesAsText("id"));
        JsonNode first = server.get("/api/indexes").ok().get("models").get(0);
        assertEquals(Answer.parse("""
                {"name": "cascade", "kind": "cascade", "max_tokens": 256,
                 "stages": [{"model": "cheap", "depth": 4}, {"model": "strong", "depth": 3}]}
                """), first);
        assertEquals("cascade", server.get("/info").ok().get("model_id").textValue());
        for (String name : List.of("cheap", "strong", "cascade", "rerank-v3.5")) {
            JsonNode answer = server.post(Dialect.API_RERANK, Dialect.API_RERANK.request(Dialect.QUERY, TEXTS)
                    .put("model", name).toString()).ok();
            assertEquals(switch (name) {
                case "cheap" -> CHEAP_ORDER;
                case "strong" -> List.of(0, 4, 2, 1, 3);
                default -> ORDER;
            }, Dialect.API_RERANK.order(answer), name);
            assertEquals(name.equals("rerank-v3.5") ? "cascade" : name, answer.get("model").textValue());
        }
    }

    @Test
    void equalTextsKeepTheirOrderAndTheLimitHolds() {
        List<String> equal = Collections.nCopies(12, "0 0");
        JsonNode answer = server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request(Dialect.QUERY, equal).toString())
                .ok();
        assertEquals(IntStream.range(0, 12).boxed().toList(), Dialect.COHERE_V2.order(answer));
        for (int count = 1; count < 4; count++) {
            JsonNode few = server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request(Dialect.QUERY,
                    TEXTS.subList(0, count)).toString()).ok();
            assertEquals(List.of(List.of(0), List.of(0, 1), List.of(0, 2, 1)).get(count - 1),
                    Dialect.COHERE_V2.order(few), "fewer texts than any model reads");
        }
        JsonNode two = server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request(Dialect.QUERY, TEXTS).put("top_n", 2)
                .toString()).ok();
        assertEquals(ORDER.subList(0, 2), Dialect.COHERE_V2.order(two));
    }

    @Test
    void whatCannotBeACascadeIsMisuse() {
        ServedModel first = served(cheap, 0);
        ServedModel second = served(strong, 0);
        ServedCascade.Stage one = new ServedCascade.Stage(first, 4);
        ServedCascade.Stage two = new ServedCascade.Stage(second, 5);
        assertEquals("depths of a cascade must not grow, got 5 after 4", assertThrows(IllegalArgumentException.class,
                () -> new ServedCascade("c", List.of(one, two))).getMessage());
        assertEquals("depth must be >= 1, got 0", assertThrows(IllegalArgumentException.class,
                () -> new ServedCascade.Stage(first, 0)).getMessage());
        assertEquals("a cascade must have a name", assertThrows(IllegalArgumentException.class,
                () -> new ServedCascade(" ", List.of(one))).getMessage());
        assertEquals("a cascade must have at least one stage, got none", assertThrows(IllegalArgumentException.class,
                () -> new ServedCascade("c", List.of())).getMessage());
        assertEquals("names of models must differ, got cheap twice", assertThrows(IllegalArgumentException.class,
                () -> new Catalogue(List.of(first), Optional.of(new ServedCascade("cheap", List.of(one))),
                        Optional.empty(), List.of()))
                .getMessage());
        assertEquals("models of a cascade must be served themselves, got strong",
                assertThrows(IllegalArgumentException.class, () -> new Catalogue(List.of(first),
                        Optional.of(new ServedCascade("c", List.of(two))), Optional.empty(), List.of())).getMessage());
    }
}
