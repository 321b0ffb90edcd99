package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single passages, judged by a model whose log-probabilities are written here. */
@Timeout(60)
class PointwiseTest {

    private static final ScoreRequest STORKS = ScoreRequest.of("where do storks nest", List.of("on roofs"));

    private final Heard heard = new Heard();

    private Scores score(ChatApi api, String model, ScoreRequest request, Answer answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(answer);
                Scorer scorer = LanguageModels.pointwise(api, model,
                        RemoteOptions.at(server.address()).withListener(heard))) {
            return scorer.score(request);
        }
    }

    private float logit(Map<String, Double> top) throws Exception {
        return score(ChatApi.OLLAMA, "m", STORKS, ChatWordServer.chat(true, false, "yes", top)).logits()[0];
    }

    @Test
    void theLogitIsTheDifferenceOfTheLogProbabilities() throws Exception {
        assertEquals(1.5f, logit(Map.of("yes", -0.25, "no", -1.75)));
        assertEquals(-1.5f, logit(Map.of("yes", -1.75, "no", -0.25, "the", -9d)));
        assertEquals(1.5f, logit(Map.of(" Yes", -0.25, "NO", -1.75)), "however it is written");
        assertEquals((float) (Math.log(0.5 + 0.25) - Math.log(0.125)), logit(Map.of("yes", Math.log(0.5), "Yes",
                Math.log(0.25), "no", Math.log(0.125))), 1e-5f, "in all its forms together");
    }

    @Test
    void oneThatIsNotAmongTheLikeliestIsTakenForTheLastOfThem() throws Exception {
        assertEquals(8.75f, logit(Map.of("yes", -0.25, "the", -9d, "a", -3d)));
        assertEquals(-8.75f, logit(Map.of("no", -0.25, "the", -9d, "a", -3d)));
        assertEquals(0, logit(Map.of("yes", -0.25)), "of one token alone nothing is known");
        assertTrue(Float.isFinite(logit(Map.of("yes", -9999d, "no", -0.5))));
    }

    @Test
    void scoresAreNoProbabilitiesAndTokensReachTheListener() throws Exception {
        Scores scores = score(ChatApi.OPENAI, "m", STORKS, ChatWordServer.chat(false, true, "no",
                Map.of("no", -0.25, "yes", -1.75)));
        assertArrayEquals(new float[]{-1.5f}, scores.logits());
        assertEquals(0, scores.probabilities().length);
        assertEquals(OptionalLong.of(70), heard.call().usage().inputTokens());
        assertEquals(OptionalLong.of(3), heard.call().usage().outputTokens());
        assertEquals("openai m", heard.call().service() + " " + heard.call().model());
    }

    @ParameterizedTest
    @EnumSource(ChatApi.class)
    void aServerWithoutLogProbabilitiesIsToRankListwise(ChatApi api) {
        RerankException e = assertThrows(RerankException.class, () -> score(api, "m", STORKS,
                ChatWordServer.chat(api == ChatApi.OLLAMA, false, "yes", Map.of())));
        assertEquals(Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains("gives no log-probabilities") && e.getMessage().contains("rank listwise"),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"The", "<think>", "yesterday", "\n"})
    void anAnswerThatIsNeitherYesNorNoIsNone(String token) {
        RerankException e = assertThrows(RerankException.class, () -> logit(Map.of(token, -0.25, "nothing", -7d)));
        assertEquals(Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains("neither yes nor no"), e.getMessage());
    }

    /** What the model thought has tokens too. */
    @Test
    void thoughtsAreNotJudged() {
        List<ChatAnswer.Token> tokens = List.of(token("<think>"), token("no"), token("</think>"), token("\n\n"),
                new ChatAnswer.Token("yes", Map.of("yes", -0.5, "no", -1.5)));
        assertEquals(1f, YesNo.logit("ollama", new ChatAnswer("", tokens, Usage.UNKNOWN), false));
        assertThrows(RerankException.class, () -> YesNo.logit("ollama", new ChatAnswer("", tokens.subList(0, 4),
                Usage.UNKNOWN), false), "nothing but thoughts");
    }

    private static ChatAnswer.Token token(String text) {
        return new ChatAnswer.Token(text, Map.of(text, -0.1));
    }

    /** As the model card at huggingface.co/Qwen/Qwen3-Reranker-0.6B gives it; the example is our own. */
    @ParameterizedTest
    @CsvSource({"OLLAMA, /api/generate", "OPENAI, /v1/completions"})
    void theTemplateOfQwen3RerankerIsKeptToTheLetter(ChatApi api, String path) throws Exception {
        try (ScriptedServer server = ChatWordServer.start();
                Scorer scorer = LanguageModels.pointwise(api, "dengcao/Qwen3-Reranker-0.6B", RemoteOptions
                        .at(server.address()))) {
            scorer.score(STORKS);
            assertEquals(path, server.received().getFirst().path());
            assertEquals("""
                    <|im_start|>system
                    Judge whether the Document meets the requirements based on the Query and the Instruct provided. \
                    Note that the answer can only be "yes" or "no".<|im_end|>
                    <|im_start|>user
                    <Instruct>: Given a web search query, retrieve relevant passages that answer the query
                    <Query>: where do storks nest
                    <Document>: on roofs<|im_end|>
                    <|im_start|>assistant
                    <think>

                    </think>

                    """, WordServer.json(server.received().getFirst().body()).get("prompt").textValue());
            assertEquals(api.service() + "/dengcao/Qwen3-Reranker-0.6B/qwen3-reranker-1", scorer.name());
        }
    }

    /** Its tokens are these and no others, as in the model card. */
    @Test
    void qwen3RerankerSaysYesInOneWay() {
        ChatAnswer answer = new ChatAnswer("", List.of(new ChatAnswer.Token("yes", Map.of("yes", -0.5, "no", -1.5,
                "Yes", -0.1, " yes", -0.1))), Usage.UNKNOWN);
        assertEquals(1f, YesNo.logit("ollama", answer, true));
        assertTrue(YesNo.logit("ollama", answer, false) > 1f);
    }

    @Test
    void theInstructionAndTheLengthsArePartOfTheName() throws Exception {
        LanguageModelOptions model = LanguageModelOptions.of(ChatApi.OLLAMA, "m",
                RemoteOptions.at(java.net.URI.create("http://localhost:1")));
        String usual = name(model);
        assertEquals("ollama/m/pointwise-1", usual);
        LanguageModelOptions other = model.withInstruction("Given a claim, retrieve passages that refute it");
        assertNotEquals(usual, name(other));
        assertNotEquals(name(model.withPassageTokens(100)), name(model.withThinking(100)));
        assertEquals(usual, name(model.withThinking(100).withThinking(0)));
        try (ScriptedServer server = ScriptedServer.answering(ChatWordServer.chat(true, false, "yes",
                Map.of("yes", -0.25, "no", -2d)));
                Scorer scorer = LanguageModels.pointwise(new LanguageModelOptions(ChatApi.OLLAMA, "m",
                        RemoteOptions.at(server.address()), 512, 0, other.instruction()), PointwisePrompt.CHAT)) {
            scorer.score(STORKS);
            JsonNode messages = WordServer.json(server.received().getFirst().body()).get("messages");
            assertEquals("system", messages.get(0).get("role").textValue());
            assertTrue(messages.get(1).get("content").textValue().startsWith("Task: " + other.instruction() + "\n"));
        }
    }

    private static String name(LanguageModelOptions model) {
        try (Scorer scorer = LanguageModels.pointwise(model, PointwisePrompt.CHAT)) {
            return scorer.name();
        }
    }

    @Test
    void equalTextsAreAskedForOnce() throws Exception {
        try (ScriptedServer server = ChatWordServer.start();
                Scorer scorer = LanguageModels.pointwise(ChatApi.OLLAMA, "m", RemoteOptions.at(server.address()))) {
            scorer.score(ScoreRequest.of("storks", List.of("roofs", "storks", "roofs", "storks", "roofs")));
            assertEquals(2, server.received().size());
        }
    }

    @Test
    void aFailureInTheMiddleIsThatOfTheRequest() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(request -> request.body().contains("number 13")
                ? Answer.json(404, "{\"error\":\"model 'm' not found\"}")
                : ChatWordServer.answer(request));
                Scorer scorer = LanguageModels.pointwise(ChatApi.OLLAMA, "m", RemoteOptions.at(server.address()))) {
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(ScoreRequest.of("storks",
                    IntStream.range(0, 40).mapToObj(i -> "number " + i + ".").toList())));
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertTrue(e.getMessage().contains("ollama pull m"), e.getMessage());
            assertFalse(scorer.score(STORKS).logits().length == 0);
        }
    }

    @Test
    void aDeadlineInTheMiddleIsATimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            if (request.body().contains("number 13")) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return ChatWordServer.answer(request);
        }); Scorer scorer = LanguageModels.pointwise(ChatApi.OPENAI, "m", RemoteOptions.at(server.address()))) {
            List<String> texts = IntStream.range(0, 20).mapToObj(i -> "number " + i + ".").toList();
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(ScoreRequest.of("storks", texts,
                    Deadline.in(Duration.ofSeconds(2)))));
            assertEquals(Kind.TIMEOUT, e.kind());
            over.countDown();
            assertEquals(20, scorer.score(ScoreRequest.of("storks", texts)).size());
        } finally {
            over.countDown();
        }
    }
}
