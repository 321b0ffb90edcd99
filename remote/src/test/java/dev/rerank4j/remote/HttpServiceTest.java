package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How services are called, whatever they are. */
@Timeout(60)
class HttpServiceTest {

    @Test
    void whatFailsOnceIsAskedAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(503, "{}"), Answer.json("{\"a\": 1}"));
                HttpService service = new HttpService("acme", RemoteOptions.at(server.address()), Map.of("X", "y"))) {
            assertEquals(1, service.send(HttpService.Call.post("/v1", HttpService.JSON.createObjectNode()),
                    Deadline.none()).body().get("a").asInt());
            assertEquals(2, server.received().size());
            assertEquals("y", server.received().getLast().headers().get("x"));
        }
    }

    @Test
    void whatIsRefusedIsNotAskedAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(401, "{}"));
                HttpService service = new HttpService("acme", RemoteOptions.at(server.address()), Map.of())) {
            RerankException e = assertThrows(RerankException.class, () -> service.send(HttpService.Call.post("/v1",
                    HttpService.JSON.createObjectNode()), Deadline.none()));
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertEquals(1, server.received().size());
        }
    }
}
