package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both APIs against exchanges in the shape that their pages show, whole and streaming. The texts and numbers in the
 * files are our own.
 */
@Timeout(60)
class ChatApisTest {

    private static final ChatRequest CHAT = new ChatRequest(List.of(ChatMessage.system("judge"),
            ChatMessage.user("do storks nest on roofs?")), Optional.empty(), 4, 0, 1024, 20);
    private static final ChatRequest RAW = new ChatRequest(List.of(), Optional.of("<|im_start|>as it is"), 4, 0, 1024,
            20);

    private final Heard heard = new Heard();

    private static JsonNode exchange(String name) throws IOException {
        try (InputStream in = ChatApisTest.class.getResourceAsStream(name + ".json")) {
            return HttpService.JSON.readTree(in);
        }
    }

    private static ChatApi api(String name) {
        return ChatApi.valueOf(name.substring(0, name.indexOf('-')).toUpperCase(Locale.ROOT));
    }

    private ChatAnswer ask(ChatApi api, ChatRequest request, Answer answer) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(answer);
                ChatService service = new ChatService(LanguageModelOptions.of(api, "m", RemoteOptions
                        .at(server.address()).withPatience(java.time.Duration.ofSeconds(30), 0).withListener(heard)))) {
            return service.ask(request, Deadline.none());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ollama-chat", "ollama-generate", "openai-chat", "openai-completions"})
    void asksAndReadsAsDocumented(String name) throws Exception {
        JsonNode exchange = exchange(name);
        ChatRequest request = exchange.get("request").has("prompt") ? RAW : CHAT;
        assertEquals(exchange.get("request"), api(name).body("m", request));
        StringBuilder lines = new StringBuilder();
        StringBuilder events = new StringBuilder();
        exchange.get("stream").forEach(piece -> {
            lines.append(piece).append('\n');
            events.append("data: ").append(piece).append("\r\n\r\n");
        });
        Answer streamed = api(name) == ChatApi.OLLAMA
                ? new Answer(200, Map.of("Content-Type", "application/x-ndjson"), lines + "")
                : new Answer(200, Map.of("Content-Type", "text/event-stream"), events + "data: [DONE]\r\n\r\n");
        for (Answer answer : List.of(Answer.json(exchange.get("answer") + ""), streamed)) {
            ChatAnswer read = ask(api(name), request, answer);
            assertEquals("yes, they", read.text());
            assertEquals(List.of(new ChatAnswer.Token("yes", Map.of("yes", -0.25, "no", -1.75)),
                    new ChatAnswer.Token(", they", Map.of(", they", -1.5))), read.tokens());
            assertEquals(OptionalLong.of(31), read.usage().inputTokens());
            assertEquals(OptionalLong.of(2), read.usage().outputTokens());
            assertEquals(read.usage(), heard.calls().getLast().usage());
        }
    }

    @ParameterizedTest
    @CsvSource({"OLLAMA,/,/api/chat,/api/generate", "OLLAMA,/api,/api/chat,/api/generate",
            "OLLAMA,/gate/api/chat,/gate/api/chat,/gate/api/generate", "OPENAI,/,/v1/chat/completions,/v1/completions",
            "OPENAI,/v1/,/v1/chat/completions,/v1/completions", "OPENAI,/a/v1,/a/v1/chat/completions,/a/v1/completions",
            "OPENAI,/b/chat/completions,/b/chat/completions,/b/completions",
            "OPENAI,/v1/completions,/v1/chat/completions,/v1/completions"})
    void anAddressMayLackItsEnd(ChatApi api, String given, String chat, String completion) {
        URI address = URI.create("http://localhost:11434" + given);
        assertEquals(chat, api.path(address, CHAT));
        assertEquals(completion, api.path(address, RAW));
    }

    @Test
    void aModelThatThinksIsAskedOtherwise() {
        ChatRequest thinking = new ChatRequest(CHAT.messages(), Optional.empty(), 4, 100, 1024, 0);
        JsonNode openai = ChatApi.OPENAI.body("m", thinking);
        assertEquals(104, openai.get("max_completion_tokens").intValue());
        assertFalse(openai.has("max_tokens") || openai.has("temperature") || openai.has("logprobs"), openai + "");
        JsonNode ollama = ChatApi.OLLAMA.body("m", thinking);
        assertTrue(ollama.get("think").booleanValue());
        assertEquals(104, ollama.get("options").get("num_predict").intValue());
    }

    /** In Ollama's shape, and OpenAI's. */
    @Test
    void aModelThatIsMissingIsSaidHowToGet() {
        RerankException ollama = assertThrows(RerankException.class, () -> ask(ChatApi.OLLAMA, CHAT,
                Answer.json(404, "{\"error\":\"model 'm' not found\"}")));
        assertEquals(Kind.UNAVAILABLE, ollama.kind());
        assertTrue(ollama.getMessage().contains("run `ollama pull m`"), ollama.getMessage());
        RerankException openai = assertThrows(RerankException.class, () -> ask(ChatApi.OPENAI, CHAT, Answer.json(404,
                "{\"error\":{\"message\":\"The model `m` does not exist\",\"code\":\"model_not_found\"}}")));
        assertEquals(Kind.UNAVAILABLE, openai.kind());
        assertTrue(openai.getMessage().contains("openai has no model m"), openai.getMessage());
        assertEquals(Optional.of(Kind.UNAVAILABLE), heard.calls().getLast().failure());
    }

    @ParameterizedTest
    @EnumSource(ChatApi.class)
    void aRefusalDoesNotRepeatTheTexts(ChatApi api) {
        RerankException e = assertThrows(RerankException.class, () -> ask(api, CHAT,
                Answer.json(400, "{\"error\":\"the input 'storks' exceeds the context length\"}")));
        assertEquals(Kind.INVALID_REQUEST, e.kind());
        assertTrue(e.getMessage().startsWith(api.service() + " refuses the request (status 400)"), e.getMessage());
        assertFalse(e.getMessage().contains("storks"), e.getMessage());
    }

    @Test
    void theKeyIsSentAsABearer() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(ChatWordServer.chat(false, false, "yes", Map.of()));
                ChatService service = new ChatService(LanguageModelOptions.of(ChatApi.OPENAI, "m", RemoteOptions
                        .at(server.address()).withKey(ApiKey.of("k3y"))))) {
            service.ask(CHAT, Deadline.none());
            assertEquals("Bearer k3y", server.received().getFirst().headers().get("authorization"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '\0', value = {"<html>gateway</html>#MODEL#is not JSON",
            "{\"message\": {\"content\": \"[1#MODEL#is not JSON", "{\"results\": []}#MODEL#is not a chat completion",
            "{}#MODEL#is not a chat completion", "[]#MODEL#is not a chat completion",
            "null#MODEL#is not a chat completion",
            "{\"message\": {\"content\": \"yes\"}, \"done\": false}#MODEL#broke its answer off",
            "data: {\"choices\": [{\"delta\": {\"content\": \"yes\"}}]}#MODEL#broke its answer off",
            "data: {\"choices\"#MODEL#is not JSON", "data: [DONE]#MODEL#is not a chat completion",
            "{\"message\": {\"content\": \"y\"}, \"done\": false}{\"error\": \"storks\"}#UNAVAILABLE#failed while",
            "data: {\"error\": {\"message\": \"storks\"}}#UNAVAILABLE#failed while"})
    void whatIsNoAnswerIsSaidToBeNone(String body, Kind kind, String message) {
        RerankException e = assertThrows(RerankException.class,
                () -> ask(ChatApi.OLLAMA, CHAT, new Answer(200, Map.of(), body)));
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().startsWith("ollama ") && e.getMessage().contains(message), e.getMessage());
        assertFalse(e.getMessage().contains("storks") || e.getMessage().contains("gateway"), "the answer is repeated");
    }

    /** Answers of which pieces are missing, doubled or others. */
    @Test
    void whateverComesIsAnAnswerOrAFailureWithAKind() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> bodies = List.of(exchange("ollama-chat").get("answer").toString().getBytes(StandardCharsets.UTF_8),
                exchange("openai-completions").get("answer").toString().getBytes(StandardCharsets.UTF_8),
                ("data: " + exchange("openai-chat").get("stream").get(1) + "\n\ndata: [DONE]\n\n")
                        .getBytes(StandardCharsets.UTF_8));
        for (int round = 0; round < 20_000; round++) {
            byte[] body = bodies.get(random.nextInt(bodies.size())).clone();
            for (int i = random.nextInt(6); i > 0; i--) {
                int from = random.nextInt(body.length);
                int to = random.nextInt(body.length);
                int length = Math.min(random.nextInt(20), body.length - Math.max(from, to));
                System.arraycopy(body, from, body, to, length);
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                ChatAnswer answer = ChatAnswerReader.read("ollama", body);
                for (ChatAnswer.Token token : answer.tokens()) {
                    token.top().values().forEach(logprob -> assertTrue(Double.isFinite(logprob)));
                }
                answer.usage().inputTokens().ifPresent(count -> assertTrue(count >= 0));
            } catch (RerankException e) {
                assertTrue(e.kind() == Kind.MODEL || e.kind() == Kind.UNAVAILABLE, e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }
}
