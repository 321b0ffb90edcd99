package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.HttpService.Call;
import dev.rerank4j.remote.HttpService.Read;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How services are called, whatever they are. */
@Timeout(60)
class HttpServiceTest {

    private static final Call CALL = Call.post("/v1", HttpService.JSON.createObjectNode().put("secret", "passage"));
    private static final Answer FINE = Answer.json("{\"a\": 1}");
    private static final Advice ADVICE = new Advice("look at the key", "look at the address");

    private final Heard heard = new Heard();

    private HttpService service(URI address, int retries) {
        return new HttpService("acme", RemoteOptions.at(address).withListener(heard)
                .withPatience(Duration.ofSeconds(30), retries), Map.of("X-Key", "k3y"), ADVICE);
    }

    private RerankException refused(Answer answer, int retries, Deadline deadline, int attempts) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(answer);
                HttpService service = service(server.address(), retries)) {
            RerankException e = assertThrows(RerankException.class, () -> service.send(CALL, deadline));
            assertEquals(attempts, server.received().size());
            assertEquals(attempts, heard.call().attempts());
            assertEquals(Optional.of(e.kind()), heard.call().failure());
            assertTrue(e.getMessage().startsWith("acme "), e.getMessage());
            assertFalse((e + "" + e.getCause()).matches("(?s).*(passage|k3y|leak).*"), e.toString());
            return e;
        }
    }

    @Test
    void anAnswerIsJsonAndTheListenerHearsOfIt() throws Exception {
        Usage usage = new Usage(OptionalLong.of(3), OptionalLong.empty(), OptionalDouble.of(1));
        try (ScriptedServer server = ScriptedServer.answering(FINE);
                HttpService service = service(server.address(), 2)) {
            assertEquals(1, service.<Integer>send("m1", CALL, Deadline.none(),
                    reply -> new Read<>(reply.body().get("a").asInt(), usage)));
            assertEquals("k3y", server.received().getFirst().headers().get("x-key"));
            assertEquals("application/json", server.received().getFirst().headers().get("content-type"));
            assertEquals("{\"secret\":\"passage\"}", server.received().getFirst().body());
        }
        RemoteCall call = heard.call();
        assertEquals(new RemoteCall("acme", "m1", 1, call.time(), usage, Optional.empty()), call);
        assertTrue(call.time().isPositive());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            400, INVALID_REQUEST, check the model's name
            401, UNAVAILABLE, look at the key
            402, UNAVAILABLE, check the account
            403, UNAVAILABLE, check what its key may do; look at the key
            404, UNAVAILABLE, look at the address
            407, UNAVAILABLE, use another proxy
            413, INVALID_REQUEST, send fewer or shorter texts at a time
            418, UNAVAILABLE, look at the address
            422, INVALID_REQUEST, check the model's name
            501, UNAVAILABLE, look at the address
            """)
    void whatIsRefusedIsNotAskedAgain(int status, Kind kind, String advice) throws Exception {
        RerankException e = refused(Answer.json(status, "{\"message\": \"leak\"}"), 3, Deadline.none(), 1);
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().contains(advice) && e.getMessage().contains("status " + status), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatMayPassIsAskedAgain(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(status, "leak").with("Retry-After", "0"),
                Answer.json(status, "leak").with("Retry-After", "0"), FINE);
                HttpService service = service(server.address(), 2)) {
            assertEquals(200, service.send(CALL, Deadline.none()).status());
            assertEquals(3, heard.call().attempts());
            assertEquals(Optional.empty(), heard.call().failure());
        }
    }

    @ParameterizedTest
    @CsvSource({"429, OVERLOADED", "500, UNAVAILABLE", "503, UNAVAILABLE"})
    void whatDoesNotPassIsGivenUp(int status, Kind kind) throws Exception {
        RerankException e = refused(Answer.json(status, "leak").with("Retry-After", "0"), 2, Deadline.none(), 3);
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().endsWith("; it was tried 3 times"), e.getMessage());
    }

    @Test
    void withoutRetryAfterThePauseIsOurs() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(429, ""), FINE);
                HttpService service = service(server.address(), 1)) {
            assertEquals(200, service.send(CALL, Deadline.none()).status());
            assertTrue(heard.call().time().compareTo(Duration.ofMillis(100)) >= 0, heard.call()::toString);
        }
    }

    /** Were it waited for, the test would not end in time. */
    @ParameterizedTest
    @ValueSource(strings = {"1000", "date"})
    void aPauseBeyondTheDeadlineIsNotWaitedFor(String after) throws Exception {
        String value = after.equals("date")
                ? DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(1000))
                : after;
        RerankException e = refused(Answer.json(429, "").with("Retry-After", value), 2,
                Deadline.in(Duration.ofSeconds(500)), 1);
        assertEquals(Kind.OVERLOADED, e.kind());
        assertTrue(e.getMessage().matches(".*left alone for (1000|99\\d) s"), e.getMessage());
    }

    @Test
    void aPauseOfHoursIsNotWaitedForEvenWithoutDeadline() throws Exception {
        assertEquals(Kind.UNAVAILABLE,
                refused(Answer.json(503, "").with("Retry-After", "7200"), 2, Deadline.none(), 1).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wed, 21 Oct 2015 07:28:00 GMT", " 0 "})
    void aPauseThatIsOverIsNone(String after) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(503, "").with("Retry-After", after), FINE);
                HttpService service = service(server.address(), 1)) {
            assertEquals(200, service.send(CALL, Deadline.none()).status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "99999999999999999999", ""})
    void aPauseThatCannotBeReadIsOurs(String after) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(503, "").with("Retry-After", after), FINE);
                HttpService service = service(server.address(), 1)) {
            assertEquals(200, service.send(CALL, Deadline.none()).status());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '<!DOCTYPE html><p>leak</p>', a page that is not JSON
            '  <html>leak</html>', a page that is not JSON
            'leak', something that is not JSON
            '{"a": leak', something that is not JSON
            '{"a": NaN, "leak": 1}', something that is not JSON
            '{"a": 1} leak', something that is not JSON
            """)
    void whatIsNotJsonIsSaidAndNotRepeated(String body, String said) throws Exception {
        RerankException e = refused(new Answer(200, Map.of("Content-Type", "text/html"), body), 2, Deadline.none(), 1);
        assertEquals(Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }

    @Test
    void jsonThatIsNestedWithoutEndIsNoJson() throws Exception {
        assertEquals(Kind.MODEL, refused(Answer.json("[".repeat(100_000)), 0, Deadline.none(), 1).kind());
    }

    @Test
    void whatTheReaderRefusesIsAFailureOfTheCall() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(FINE);
                HttpService service = service(server.address(), 2)) {
            assertThrows(RerankException.class, () -> service.send("m1", CALL, Deadline.none(), reply -> {
                throw new RerankException(Kind.MODEL, "no");
            }));
        }
        assertEquals(Optional.of(Kind.MODEL), heard.call().failure());
    }

    @Test
    void statusesThatAreTakenAreAnswers() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(404, "{\"found\": false}"));
                HttpService service = service(server.address(), 2)) {
            HttpService.Reply reply = service.send(new Call("GET", "/x", "", new byte[0], java.util.Set.of(404)),
                    Deadline.none());
            assertEquals(404, reply.status());
            assertFalse(reply.body().get("found").asBoolean());
            assertEquals("GET", server.received().getFirst().method());
        }
    }

    /** Half a character is no reason to fail. */
    @Test
    void textsThatAreNoTextAreSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(FINE);
                HttpService service = service(server.address(), 0)) {
            service.send(Call.post("/", HttpService.JSON.createObjectNode().put("text", "a\ud83d\0")),
                    Deadline.none());
            assertEquals("{\"text\":\"a?\\u0000\"}", server.received().getFirst().body());
        }
    }
}
