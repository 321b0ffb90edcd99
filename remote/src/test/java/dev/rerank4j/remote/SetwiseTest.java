package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The best of a few candidates at a time, chosen by a model whose answers are written here. */
@Timeout(60)
class SetwiseTest {

    private static final Query QUERY = Query.of("where do storks nest");
    private static final Pattern STORK = Pattern.compile("Passage ([A-W]): \\\\\"stork number (\\d+)\\\\\"");

    /** The model's taste: a stork is the better the higher its number. */
    private static Answer highest(Received request) {
        MatchResult best = STORK.matcher(request.body()).results()
                .max((a, b) -> Integer.parseInt(a.group(2)) - Integer.parseInt(b.group(2))).orElseThrow();
        return ChatWordServer.chat(false, false, best.group(1), Map.of());
    }

    private static List<String> order(ScriptedServer server, int candidates, int set, int best) {
        LanguageModelOptions model = LanguageModelOptions.of(ChatApi.OPENAI, "m", RemoteOptions.at(server.address()));
        try (LanguageModelReranker reranker = LanguageModels.setwise(model, set, best)) {
            return ListwiseTest.ids(reranker.rerank(QUERY, ListwiseTest.candidates(candidates), candidates,
                    Deadline.none()));
        }
    }

    /** The numbers of calls stand in docs/language-models.md. */
    @ParameterizedTest
    @CsvSource({"2, 3, 1, 1", "20, 4, 10, 33", "100, 3, 10, 147", "100, 4, 10, 83", "100, 20, 10, 25"})
    void findsTheBestAndLeavesTheOthersAsTheyWere(int count, int set, int best, int calls) throws Exception {
        try (ScriptedServer server = ScriptedServer.by(SetwiseTest::highest)) {
            List<String> order = order(server, count, set, best);
            assertEquals(IntStream.range(0, best).mapToObj(i -> "p" + (count - 1 - i)).toList(),
                    order.subList(0, best));
            assertEquals(IntStream.range(0, count - best).mapToObj(i -> "p" + i).toList(),
                    order.subList(best, count));
            assertEquals(calls, server.received().size());
        }
    }

    @Test
    void noMoreAreLookedForThanAreWanted() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(SetwiseTest::highest);
                LanguageModelReranker reranker = LanguageModels.setwise(ChatApi.OPENAI, "m", LanguageModels.SET,
                        RemoteOptions.at(server.address()))) {
            assertEquals(List.of("p99"), ListwiseTest.ids(reranker.rerank(QUERY, ListwiseTest.candidates(100), 1,
                    Deadline.none())));
            assertTrue(server.received().size() < 80, () -> server.received().size() + " calls");
        }
    }

    @Test
    void anAnswerThatSaysNothingLeavesASetAsItIs() throws Exception {
        Answer nothing = ChatWordServer.chat(false, true, "They are all nice.", Map.of());
        try (ScriptedServer server = ScriptedServer.answering(nothing, nothing,
                ChatWordServer.chat(false, true, "<think>A? B?</think>Passage D", Map.of()), nothing)) {
            // Eight candidates have three parents, of which the first of all is asked about last.
            assertEquals(List.of("p3", "p0", "p1", "p2", "p4", "p5", "p6", "p7"), order(server, 8, 4, 1));
        }
    }

    @Test
    void aModelThatChoosesNothingIsNoReranker() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(ChatWordServer.chat(false, false, "Sorry?",
                Map.of()))) {
            RerankException e = assertThrows(RerankException.class, () -> order(server, 8, 4, 3));
            assertEquals(Kind.MODEL, e.kind());
            assertTrue(e.getMessage().startsWith("the model at openai chooses nothing"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"B", "b", " B.", "Passage B", "passage B", "**Passage B**", "Passage \"B\"", "Passage: B",
            "(B)", "The most relevant passage is B", "Passage B: \"stork number 3\"", "B > Z", "Answer: B"})
    void readsWhatModelsMakeOfALabel(String answer) {
        assertEquals(OptionalInt.of(1), SetwiseOrdering.label(answer, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "E", "A or B", "Passage A, not passage B", "none", "2", "\ud83d", "Best"})
    void whatNamesNoneOrSeveralSaysNothing(String answer) {
        assertEquals(OptionalInt.empty(), SetwiseOrdering.label(answer, 4));
    }

    @Test
    void numbersOutOfTheirRangeAreMisuse() {
        LanguageModelOptions model = LanguageModelOptions.of(ChatApi.OLLAMA, "m",
                RemoteOptions.at(java.net.URI.create("http://localhost:1")));
        for (Runnable misuse : List.<Runnable>of(() -> LanguageModels.setwise(model, 2, 1),
                () -> LanguageModels.setwise(model, 24, 1), () -> LanguageModels.setwise(model, 4, 0),
                () -> LanguageModels.listwise(model, 1, 1), () -> LanguageModels.listwise(model, 101, 1),
                () -> LanguageModels.listwise(model, 20, 0), () -> LanguageModels.listwise(model, 20, 21),
                () -> model.withPassageTokens(0), () -> model.withThinking(-1), () -> model.withInstruction(" "),
                () -> LanguageModelOptions.of(ChatApi.OLLAMA, " ", model.remote()))) {
            String message = assertThrows(IllegalArgumentException.class, misuse::run).getMessage();
            assertTrue(message.contains(" must "), message);
        }
    }
}
