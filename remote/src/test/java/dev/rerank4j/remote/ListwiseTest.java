package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of candidates, put in order by a model whose answers are written here. */
@Timeout(60)
class ListwiseTest {

    private static final Query QUERY = Query.of("where do storks nest");

    private final Heard heard = new Heard();

    static Ranking candidates(int count) {
        Ranking.Builder ranking = Ranking.builder("bm25");
        IntStream.range(0, count).forEach(i -> ranking.add(Passage.of("p" + i, "stork number " + i), count - i));
        return ranking.build();
    }

    static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }

    private LanguageModelReranker listwise(ScriptedServer server, int window, int stride) {
        return LanguageModels.listwise(ChatApi.OLLAMA, "m", window, stride,
                RemoteOptions.at(server.address()).withListener(heard));
    }

    private static Answer says(String text) {
        return ChatWordServer.chat(true, false, text, Map.of());
    }

    private List<String> order(ScriptedServer server, int candidates, int window, int stride) {
        try (LanguageModelReranker reranker = listwise(server, window, stride)) {
            return ids(reranker.rerank(QUERY, candidates(candidates), candidates, Deadline.none()));
        }
    }

    /** The numbers of the storks of a window. */
    private static List<Integer> shown(Received request) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode message : WordServer.json(request.body()).get("messages")) {
            String text = message.get("content").textValue();
            if (message.get("role").textValue().equals("user") && text.contains("stork number ")) {
                assertTrue(text.startsWith("[" + (numbers.size() + 1) + "] stork number "), text);
                numbers.add(Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)));
            }
        }
        return numbers;
    }

    /** The model's taste: a stork is the better the higher its number. */
    private static Answer highestFirst(Received request) {
        List<Integer> numbers = shown(request);
        List<String> order = IntStream.range(0, numbers.size()).boxed()
                .sorted(Collections.reverseOrder((a, b) -> numbers.get(a) - numbers.get(b)))
                .map(place -> "[" + (place + 1) + "]").toList();
        return says(String.join(" > ", order));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "20, 1", "21, 2", "30, 2", "31, 3", "50, 4", "100, 9"})
    void windowsAreAskedForFromTheBackAndTheBestMoveForward(int count, int calls) throws Exception {
        try (ScriptedServer server = ScriptedServer.by(ListwiseTest::highestFirst)) {
            List<String> order = order(server, count, LanguageModels.WINDOW, LanguageModels.STRIDE);
            assertEquals(calls, server.received().size());
            assertEquals(calls, 1 + Math.max(0, Math.ceilDiv(count - 20, 10)), "the formula of the documentation");
            assertEquals(IntStream.range(Math.max(0, count - 20), count).boxed().toList(),
                    shown(server.received().getFirst()).stream().sorted().toList(), "the back is asked for first");
            for (int i = 1; i < calls - 1; i++) {
                List<Integer> window = shown(server.received().get(i));
                int from = count - 20 - 10 * i;
                assertEquals(IntStream.range(from, from + 10).boxed().toList(), window.subList(0, 10));
                assertEquals(IntStream.range(0, 10).map(best -> count - 1 - best).boxed().toList(),
                        window.subList(10, 20), "the best so far come along");
            }
            List<String> best = IntStream.range(0, Math.min(10, count)).mapToObj(i -> "p" + (count - 1 - i)).toList();
            assertEquals(best, order.subList(0, best.size()));
            assertEquals(count, order.stream().distinct().count());
        }
    }

    @Test
    void aWindowOfOneIsNotAskedFor() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(ListwiseTest::highestFirst)) {
            assertEquals("p0", order(server, 5, 4, 4).getFirst());
            assertEquals(1, server.received().size());
            assertEquals(List.of("p0"), order(server, 1, 20, 10));
            assertEquals(1, server.received().size(), "a single candidate is in order");
        }
    }

    @ParameterizedTest
    @EnumSource(ChatApi.class)
    void anAnswerThatNamesTooFewIsRepairedOnce(ChatApi api) throws Exception {
        boolean ollama = api == ChatApi.OLLAMA;
        try (ScriptedServer server = ScriptedServer.answering(
                ChatWordServer.chat(ollama, false, "The best one is [3].", Map.of()),
                ChatWordServer.chat(ollama, true, "[4] > [3] > [2] > [1]", Map.of()));
                LanguageModelReranker reranker = LanguageModels.listwise(api, "m", 20, 10,
                        RemoteOptions.at(server.address()).withListener(heard))) {
            Ranking ranking = reranker.rerank(QUERY, candidates(4), 3, Deadline.none());
            assertEquals(List.of("p3", "p2", "p1"), ids(ranking));
            assertEquals(List.of(3d, 2d, 1d), ranking.hits().stream().map(Hit::score).toList());
            assertEquals(2, server.received().size());
            JsonNode first = WordServer.json(server.received().getFirst().body()).get("messages");
            JsonNode second = WordServer.json(server.received().get(1).body()).get("messages");
            assertEquals(first.size() + 2, second.size());
            assertEquals("assistant", second.get(first.size()).get("role").textValue());
            String repair = second.get(first.size() + 1).get("content").textValue();
            assertTrue(repair.startsWith("Your answer names 1 of the 4 passages"), repair);
            assertEquals(List.of(OptionalLong.of(70), OptionalLong.of(70)),
                    heard.calls().stream().map(call -> call.usage().inputTokens()).toList());
            assertEquals(List.of(OptionalLong.of(3), OptionalLong.of(3)),
                    heard.calls().stream().map(call -> call.usage().outputTokens()).toList());
            assertEquals("m", heard.calls().getFirst().model());
        }
    }

    @Test
    void theBetterOfTwoBadAnswersCountsAndTheRestKeepsItsOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("I like [5] and [2]."), says("Sorry."))) {
            assertEquals(List.of("p4", "p1", "p0", "p2", "p3", "p5"), order(server, 6, 20, 10));
            assertEquals(2, server.received().size(), "one repair, not more");
        }
    }

    @Test
    void anAnswerWithoutSomeKeepsThoseBehindInFirstStageOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("[6] > [9] > [2] > [4] > [6] > [0] > [77]"))) {
            assertEquals(List.of("p5", "p1", "p3", "p0", "p2", "p4"), order(server, 6, 20, 10));
            assertEquals(1, server.received().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<think>[1] > [2] > [3] looks right. Or not?</think>\n\n[3] > [2] > [1]",
            "Hm, [1] > [2] > [3].\n</think>[3] > [2] > [1]", "[3] > [2] > [1]<think>or [1] > [2] > [3]"})
    void thoughtsAreNotRead(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says(answer))) {
            assertEquals(List.of("p2", "p1", "p0"), order(server, 3, 20, 10));
            assertEquals(1, server.received().size());
        }
    }

    @Test
    void aModelThatOrdersNothingIsNoReranker() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("I cannot help with that."))) {
            RerankException e = assertThrows(RerankException.class, () -> order(server, 25, 20, 10));
            assertEquals(Kind.MODEL, e.kind());
            assertTrue(e.getMessage().contains("ollama"), e.getMessage());
            assertFalse(e.getMessage().contains("cannot help"), "answers are not repeated");
            assertEquals(4, server.received().size());
        }
    }

    @Test
    void aDeadlineInTheMiddleIsATimeoutAndNoHalfOrder() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> {
            if (calls.incrementAndGet() == 2) {
                awaitUninterruptibly(over);
            }
            return highestFirst(request);
        }); LanguageModelReranker reranker = listwise(server, 20, 10)) {
            RerankException e = assertThrows(RerankException.class, () -> reranker.rerank(QUERY, candidates(100), 10,
                    Deadline.in(Duration.ofSeconds(4))));
            assertEquals(Kind.TIMEOUT, e.kind());
            assertEquals(2, server.received().size());
            over.countDown();
            assertEquals("p29", ids(reranker.rerank(QUERY, candidates(30), 10, Deadline.none())).getFirst());
        } finally {
            over.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aQueryThatIsTooLongIsRefusedWithoutACall() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("[1]"));
                LanguageModelReranker reranker = listwise(server, 20, 10)) {
            RerankException e = assertThrows(RerankException.class, () -> reranker.rerank(
                    Query.of("stork ".repeat(1000)), candidates(3), 3, Deadline.none()));
            assertEquals(Kind.INVALID_REQUEST, e.kind());
            assertTrue(e.getMessage().contains("at most 512"), e.getMessage());
            assertTrue(server.received().isEmpty());
        }
    }

    @Test
    void itsIdentityIsTheModelWithThePromptAndWhatElseIsNotUsual() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("[1]"));
                LanguageModelReranker usual = listwise(server, 20, 10);
                LanguageModelReranker shorter = LanguageModels.listwise(LanguageModelOptions.of(ChatApi.OLLAMA, "m",
                        RemoteOptions.at(server.address())).withPassageTokens(100), 20, 10)) {
            assertEquals("ollama/m/listwise-1", usual.identity());
            assertTrue(shorter.identity().matches("ollama/m/listwise-1-[0-9a-f]{8}"), shorter.identity());
            assertEquals("rerank", usual.name());
        }
    }

    @Test
    void aClosedOneIsNotUsed() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(says("[1]"))) {
            LanguageModelReranker reranker = listwise(server, 20, 10);
            reranker.close();
            reranker.close();
            assertThrows(IllegalStateException.class,
                    () -> reranker.rerank(QUERY, candidates(1), 1, Deadline.none()));
            assertThrows(IllegalStateException.class,
                    () -> reranker.rerank(QUERY, candidates(3), 1, Deadline.none()));
        }
    }
}
