package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank serve --reranker cohere}: somebody else's model, in every dialect. */
@Timeout(180)
class ServeProvidersTest {

    private static final String SECRET = "sk-of-nobody-0123456789";
    private static final String DOCUMENTS = "[\"a desk\", \"days of leave\", \"long days\"]";

    @TempDir
    private static Path folder;

    private static ProviderServer provider;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        provider = new ProviderServer();
        Path config = Files.writeString(folder.resolve("config.yaml"),
                "providers: {cohere: {address: \"" + provider.address() + "\", key-env: OUR_KEY, retries: 0}}");
        server = ServerProcess.start(Map.of("OUR_KEY", SECRET, "RERANK4J_CACHE", folder.resolve("cache").toString()),
                "--reranker", "cohere", "--config", config.toString()).ready();
    }

    @AfterAll
    static void stop() throws Exception {
        assertFalse(server.err().contains(SECRET));
        server.close();
        provider.close();
    }

    @BeforeEach
    void healthy() {
        provider.answering(asked -> 200);
    }

    private static ServerProcess.Answer cohere(String more) {
        return server.post("/v2/rerank", "{\"model\": \"rerank-v3.5\", \"query\": \"days of leave\", \"documents\": "
                + DOCUMENTS + more + "}");
    }

    @Test
    void everyDialectIsAnsweredByIt() {
        int before = provider.asked().size();
        assertEquals(1, cohere("").ok().json().at("/results/0/index").asInt());
        assertEquals(1, cohere(", \"max_tokens_per_doc\": 100").ok().json().at("/results/0/index").asInt());
        assertEquals(1, server.post("/rerank", "{\"query\": \"days of leave\", \"texts\": " + DOCUMENTS + "}").ok()
                .json().at("/0/index").asInt());
        assertEquals(1, server.post("/v1/rerank", "{\"model\": \"m\", \"query\": \"days of leave\", \"documents\": "
                + DOCUMENTS + "}").ok().json().at("/results/0/index").asInt());
        assertEquals(4, provider.asked().size() - before, "one call for one request");
        assertEquals("cohere", server.get("/v1/models").ok().json().at("/data/0/id").asText());
        assertEquals("cohere", server.get("/info").ok().json().at("/model_id").asText());
    }

    @Test
    void whatItIsAskedAndBillsIsCounted() {
        double calls = server.meter("rerank4j_remote_calls_seconds_count{model=\"cohere\",provider=\"cohere\"}");
        double units = server.meter("rerank4j_remote_billed_units_total{model=\"cohere\",provider=\"cohere\"}");
        double failed = server.meter("rerank4j_remote_failed_calls_total{");
        cohere("").ok();
        provider.answering(asked -> 500);
        assertEquals(503, cohere("").status());
        assertEquals(2, server.meter("rerank4j_remote_calls_seconds_count{model=\"cohere\",provider=\"cohere\"}")
                - calls);
        assertEquals(1, server.meter("rerank4j_remote_billed_units_total{model=\"cohere\",provider=\"cohere\"}")
                - units);
        assertEquals(1, server.meter("rerank4j_remote_failed_calls_total{") - failed);
    }

    @Test
    void aRefusalSaysWhoRefused() {
        provider.answering(asked -> 429);
        ServerProcess.Answer busy = cohere("");
        assertEquals(429, busy.status(), busy.body());
        assertTrue(busy.body().contains("cohere"), busy.body());
        provider.answering(asked -> 401);
        ServerProcess.Answer refused = cohere("");
        assertEquals(503, refused.status(), refused.body());
        assertFalse(refused.body().contains(SECRET) || refused.body().contains("days of leave"), refused.body());
    }
}
