package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Retriever;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real OpenSearch of the tests cannot be brought to do, and what Elasticsearch is asked by its documentation. */
@Timeout(60)
class OpenSearchFailuresTest {

    private static final String SECRET = "a-secret-word";
    private static final String TEXT = "private text";
    private static final String MAPPING = """
            {"docs": {"mappings": {"_meta": {"rerank4j":
                {"format": 1, "language": "en", "encoder": "words-4", "dimension": 4}}}}}""";
    private static final String HIT = """
            {"took": 1, "timed_out": false, "_shards": {"total": 2, "successful": 2, "skipped": 0, "failed": 0},
             "hits": {"hits": [{"_index": "docs", "_id": "x-0", "_score": 0.75,
                "_source": {"id": "p", "document": "d", "title": "", "headings": [], "text": "found",
                            "location": {"file": "", "start": 0, "end": 0}, "metadata": {}}}]}}""";

    /** Answers what is asked about the mapping, and everything else by a function. */
    private static ScriptedServer engine(Function<Received, Answer> answers) throws IOException {
        return ScriptedServer.by(request -> request.path().endsWith("/_mapping")
                ? Answer.json(MAPPING)
                : answers.apply(request));
    }

    private static OpenSearchOptions options(ScriptedServer server) {
        return OpenSearchOptions.of(RemoteOptions.at(server.address()).withPatience(Duration.ofSeconds(10), 0), "docs");
    }

    private static RerankException refused(Answer answer) throws IOException {
        try (ScriptedServer server = engine(request -> answer);
                OpenSearchIndex index = OpenSearchIndex.open(options(server))) {
            RerankException e = assertThrows(RerankException.class,
                    () -> index.bm25().retrieve(Query.of(TEXT), 10, Deadline.none()));
            assertFalse(e.toString().contains(TEXT), e::toString);
            return e;
        }
    }

    private static void assertRefused(Kind kind, String message, Answer answer) throws IOException {
        RerankException e = refused(answer);
        assertEquals(kind, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e::getMessage);
    }

    @Test
    void whatSomeShardsFoundIsNotTakenForAll() throws IOException {
        assertRefused(Kind.UNAVAILABLE, "1 of 2 shards of index docs of OpenSearch did not answer",
                Answer.json(HIT.replace("\"failed\": 0", "\"failed\": 1")));
    }

    @Test
    void whatWasFoundUntilTheTimeWasOverIsNotTakenForAll() throws IOException {
        assertRefused(Kind.TIMEOUT, "bm25 did not finish before the deadline",
                Answer.json(HIT.replace("\"timed_out\": false", "\"timed_out\": true")));
    }

    @Test
    void keysThatAreNotAcceptedOrMayNot() throws IOException {
        assertRefused(Kind.UNAVAILABLE, "opensearch does not accept the key, or wants one (status 401)",
                new Answer(401, Map.of(), "Unauthorized " + TEXT));
        assertRefused(Kind.UNAVAILABLE, "opensearch does not allow this (status 403)", Answer.json(403, """
                {"error": {"type": "security_exception", "reason": "no permissions for private text"}}"""));
    }

    @Test
    void anEngineThatHasTooMuchToDo() throws IOException {
        assertRefused(Kind.OVERLOADED, "opensearch has too much to do", Answer.json(429, "{}"));
        assertRefused(Kind.UNAVAILABLE, "opensearch failed (status 503)", Answer.json(503, "{}"));
    }

    @Test
    void whatIsNoEngine() throws IOException {
        assertRefused(Kind.MODEL, "that is not JSON", new Answer(200, Map.of(), "<html>" + TEXT));
        assertRefused(Kind.MODEL, "answered without hits", Answer.json("{\"results\": []}"));
        assertRefused(Kind.MODEL, "a hit without a score", Answer.json(HIT.replace("0.75", "null")));
    }

    @Test
    void aRefusalNamesTheEnginesReasonAndNothingOfItsText() throws IOException {
        assertRefused(Kind.INVALID_REQUEST, "refused a request with status 400 (query_shard_exception)",
                Answer.json(400, """
                        {"error": {"root_cause": [{"type": "query_shard_exception", "reason": "private text"}]}}"""));
        RerankException e = refused(Answer.json(400, "{\"error\": {\"type\": \"Private Text\"}}"));
        assertTrue(String.valueOf(e.getMessage()).contains("status 400: check"), e::getMessage);
    }

    @Test
    void theKeyIsSentAsTheEngineWantsItAndNeverTold() throws IOException {
        try (ScriptedServer server = engine(request -> Answer.json(401, "{}"))) {
            OpenSearchOptions key = OpenSearchOptions.of(RemoteOptions.at(server.address())
                    .withKey(ApiKey.of(SECRET)), "docs");
            Map<OpenSearchOptions, String> sent = Map.of(key, "Bearer " + SECRET,
                    key.withEngine(SearchEngine.ELASTICSEARCH), "ApiKey " + SECRET,
                    key.withUser("reader"), "Basic cmVhZGVyOmEtc2VjcmV0LXdvcmQ=");
            sent.forEach((options, header) -> {
                try (OpenSearchIndex index = OpenSearchIndex.open(options)) {
                    RerankException e = assertThrows(RerankException.class,
                            () -> index.bm25().retrieve(Query.of(TEXT), 1, Deadline.none()));
                    assertFalse((e + options.toString()).contains(SECRET), e::toString);
                    assertEquals(header, server.received().getLast().headers().get("authorization"));
                }
            });
        }
    }

    @Test
    void onlyTheItemsThatThereWasNoRoomForAreSentAgain() throws IOException {
        List<String> bulks = new ArrayList<>();
        try (ScriptedServer server = engine(request -> {
            if (!request.path().contains("_bulk")) {
                return Answer.json("{}");
            }
            bulks.add(request.body());
            return Answer.json(bulks.size() == 1
                    ? """
                            {"errors": true, "items": [{"index": {"status": 201}},
                                {"index": {"status": 429, "error": {"type": "rejected_execution_exception"}}},
                                {"index": {"status": 200}}]}"""
                    : "{\"errors\": false}");
        }); OpenSearchClient client = new OpenSearchClient(options(server))) {
            OpenSearchBulk bulk = new OpenSearchBulk(client, options(server), 1);
            for (String id : List.of("a", "b", "c")) {
                bulk.index(id, id, HttpService.JSON.createObjectNode());
            }
            bulk.send();
            bulk.send(); // nothing is left
        }
        assertEquals(2, bulks.size());
        assertEquals("{\"index\":{\"_id\":\"b\",\"routing\":\"b\"}}\n{}\n", bulks.getLast());
    }

    @Test
    void anEngineThatNeverHasRoomIsGivenUp() throws IOException {
        try (ScriptedServer server = engine(request -> Answer.json(429, "{}"));
                OpenSearchClient client = new OpenSearchClient(options(server))) {
            OpenSearchBulk bulk = new OpenSearchBulk(client, options(server), 1);
            bulk.delete("a", "a");
            RerankException e = assertThrows(RerankException.class, bulk::send);
            assertEquals(Kind.OVERLOADED, e.kind());
            assertEquals(10, server.received().size());
            assertTrue(String.valueOf(e.getMessage()).contains("no room for 1 passages in 10 attempts"), e::getMessage);
        }
    }

    @Test
    void anItemThatIsRefusedFailsTheLoad() throws IOException {
        try (ScriptedServer server = engine(request -> Answer.json("""
                {"errors": true, "items": [{"index": {"status": 400,
                    "error": {"type": "mapper_parsing_exception", "reason": "private text"}}}]}"""));
                OpenSearchIndex index = OpenSearchIndex.open(options(server), new WordEncoder(4))) {
            index.add(List.of(Passage.of("a", TEXT)));
            RerankException e = assertThrows(RerankException.class, index::commit);
            assertEquals(Kind.INVALID_REQUEST, e.kind());
            assertTrue(String.valueOf(e.getMessage()).contains("(mapper_parsing_exception)"), e::getMessage);
            assertFalse(e.toString().contains(TEXT), e::toString);
        }
    }

    @Test
    void aCommitThatNotAllShardsSeeFails() throws IOException {
        try (ScriptedServer server = engine(request -> Answer.json(request.path().endsWith("_refresh")
                ? "{\"_shards\": {\"total\": 2, \"failed\": 1}}"
                : "{}")); OpenSearchIndex index = OpenSearchIndex.open(options(server), new WordEncoder(4))) {
            index.add(List.of(Passage.of("a", TEXT)));
            RerankException e = assertThrows(RerankException.class, index::commit);
            assertTrue(String.valueOf(e.getMessage()).contains("commit again"), e::getMessage);
        }
    }

    @Test
    void anIndexThatIsRemovedMeanwhileIsNotMadeAgainByTheEngine() throws IOException {
        try (ScriptedServer server = engine(request -> Answer
                .json("""
                        {"docs": [{"_id": "x", "error": {"type": "index_not_found_exception", "reason": "no such index"}}]}"""));
                OpenSearchIndex index = OpenSearchIndex.open(options(server), new WordEncoder(4))) {
            index.add(List.of(Passage.of("a", TEXT)));
            RerankException e = assertThrows(RerankException.class, index::commit);
            assertTrue(String.valueOf(e.getMessage()).startsWith("there is no index docs of OpenSearch"),
                    e::getMessage);
            assertTrue(server.received().stream().noneMatch(request -> request.path().contains("_bulk")));
        }
    }

    /** The query and the processor as in https://docs.opensearch.org/latest/vector-search/ai-search/hybrid-search/. */
    @Test
    void theHybridQueryOfOpenSearch() throws IOException {
        JsonNode asked = asked(SearchEngine.OPENSEARCH, OpenSearchIndex::hybrid);
        JsonNode queries = asked.at("/query/hybrid/queries");
        assertEquals(2, queries.size());
        assertEquals(TEXT, queries.at("/0/bool/must/0/match/content/query").asText());
        assertEquals("red", queries.at("/0/bool/filter/0/terms/texts.colour/0").asText());
        assertEquals(4, queries.at("/1/knn/vector/vector").size());
        assertEquals("red", queries.at("/1/knn/vector/filter/terms/texts.colour/0").asText());
        assertEquals(7, asked.at("/query/hybrid/pagination_depth").asInt());
        JsonNode processor = asked.at("/search_pipeline/phase_results_processors/0/normalization-processor");
        assertEquals("min_max", processor.at("/normalization/technique").asText());
        assertEquals("arithmetic_mean", processor.at("/combination/technique").asText());
        assertEquals(7, asked.path("size").asInt());
    }

    /** As in https://www.elastic.co/docs/reference/elasticsearch/rest-apis/retrievers/rrf-retriever. */
    @Test
    void theHybridRetrieverOfElasticsearch() throws IOException {
        JsonNode rrf = asked(SearchEngine.ELASTICSEARCH, OpenSearchIndex::hybrid).at("/retriever/rrf");
        assertEquals(TEXT, rrf.at("/retrievers/0/standard/query/bool/must/0/match/content/query").asText());
        assertEquals("vector", rrf.at("/retrievers/1/knn/field").asText());
        assertEquals("red", rrf.at("/retrievers/1/knn/filter/terms/texts.colour/0").asText());
        assertEquals(7, rrf.path("rank_window_size").asInt());
    }

    /** As in https://www.elastic.co/docs/solutions/search/vector/knn. */
    @Test
    void theVectorsOfElasticsearch() throws IOException {
        JsonNode knn = asked(SearchEngine.ELASTICSEARCH, OpenSearchIndex::vector).path("knn");
        assertEquals("vector", knn.path("field").asText());
        assertEquals(4, knn.path("query_vector").size());
        assertTrue(knn.path("k").asInt() >= 7 && knn.path("num_candidates").asInt() >= knn.path("k").asInt());
        assertEquals("red", knn.at("/filter/terms/texts.colour/0").asText());
        JsonNode made = OpenSearchLayout.index(options("http://localhost:1").withEngine(SearchEngine.ELASTICSEARCH),
                "words-4", 4);
        assertEquals(HttpService.JSON.readTree("""
                {"type": "dense_vector", "dims": 4, "index": true, "similarity": "cosine"}"""),
                made.at("/mappings/properties/vector"));
        assertTrue(made.at("/settings/index/knn").isMissingNode());
    }

    private static OpenSearchOptions options(String address) {
        return OpenSearchOptions.of(RemoteOptions.at(java.net.URI.create(address)), "docs");
    }

    /** What is sent to search for a filtered query; the answer must be understood. */
    private static JsonNode asked(SearchEngine engine, Function<OpenSearchIndex, Retriever> kind) throws IOException {
        try (ScriptedServer server = engine(request -> Answer.json(HIT));
                OpenSearchIndex index = OpenSearchIndex.open(options(server).withEngine(engine), new WordEncoder(4))) {
            Query query = new Query(TEXT, new Filter.Equal("colour", Value.of("red")));
            assertEquals("found", kind.apply(index).retrieve(query, 7, Deadline.none()).hits().getFirst().passage()
                    .text());
            Received asked = server.received().getLast();
            assertTrue(asked.path().startsWith("/docs/_search?"), asked::path);
            assertTrue(asked.path().contains("allow_partial_search_results=false"), asked::path);
            return HttpService.JSON.readTree(asked.body());
        }
    }
}
