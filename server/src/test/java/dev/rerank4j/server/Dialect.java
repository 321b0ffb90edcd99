package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every route that takes a body, with a request that it answers, and how its errors look. */
enum Dialect {
    COHERE_V2("/v2/rerank", "documents", "top_n", "results", "relevance_score", Set.of("message")), RERANK_V1(
            "/v1/rerank", "documents", "top_n", "results", "relevance_score",
            Set.of("message", "detail")), INFINITY("/rerank", "documents", "top_n", "results", "relevance_score",
                    Set.of("message", "detail")), TEI("/rerank", "texts", "", "", "score",
                            Set.of("error", "error_type", "message")), PINECONE("/rerank", "documents", "top_n", "data",
                                    "score", Set.of("error", "status", "message")), MIXEDBREAD("/v1/reranking", "input",
                                            "top_k", "data", "score", Set.of("message", "detail")), RERANKING(
                                                    "/v1/reranking", "documents", "top_n", "results", "relevance_score",
                                                    Set.of("message", "detail")), LLAMA("/reranking", "documents",
                                                            "top_n", "results", "relevance_score",
                                                            Set.of("message", "detail")), NIM("/v1/ranking", "passages",
                                                                    "", "rankings", "logit",
                                                                    Set.of("error", "message", "detail")), SCORE(
                                                                            "/score", "text_2", "", "data", "score",
                                                                            Set.of("error", "message",
                                                                                    "detail")), V1_SCORE("/v1/score",
                                                                                            "text_2", "", "data",
                                                                                            "score",
                                                                                            Set.of("error", "message",
                                                                                                    "detail")), EMBEDDINGS(
                                                                                                            "/v1/embeddings",
                                                                                                            "input", "",
                                                                                                            "data", "",
                                                                                                            Set.of("error",
                                                                                                                    "message",
                                                                                                                    "detail")), API_RERANK(
                                                                                                                            "/api/rerank",
                                                                                                                            "documents",
                                                                                                                            "limit",
                                                                                                                            "hits",
                                                                                                                            "score",
                                                                                                                            Set.of("kind",
                                                                                                                                    "message")), API_SEARCH(
                                                                                                                                            "/api/search",
                                                                                                                                            "",
                                                                                                                                            "limit",
                                                                                                                                            "hits",
                                                                                                                                            "score",
                                                                                                                                            Set.of("kind",
                                                                                                                                                    "message")), API_DOCUMENTS(
                                                                                                                                                            "/api/documents",
                                                                                                                                                            "documents",
                                                                                                                                                            "",
                                                                                                                                                            "",
                                                                                                                                                            "",
                                                                                                                                                            Set.of("kind",
                                                                                                                                                                    "message"));

    static final String QUERY = "how many days of leave do I have?";
    static final List<String> TEXTS = List.of("The office is closed on Sundays.",
            "Every employee has 25 days of paid leave a year.", "Desks are cleaned every evening.");

    private final String path;
    private final String list;
    private final String top;
    private final String answers;
    private final String score;
    private final Set<String> errorKeys;

    Dialect(String path, String list, String top, String answers, String score, Set<String> errorKeys) {
        this.path = path;
        this.list = list;
        this.top = top;
        this.answers = answers;
        this.score = score;
        this.errorKeys = errorKeys;
    }

    /** Those that rerank. */
    static Stream<Dialect> rerankers() {
        return Stream.of(values()).filter(dialect -> dialect != EMBEDDINGS && dialect != API_SEARCH
                && dialect != API_DOCUMENTS);
    }

    /** Those that answer best first. */
    static Stream<Dialect> ordered() {
        return rerankers().filter(dialect -> dialect != SCORE && dialect != V1_SCORE);
    }

    /** Those that can be asked for the best few. */
    static Stream<Dialect> limited() {
        return ordered().filter(dialect -> !dialect.top.isEmpty());
    }

    String path() {
        return path;
    }

    String top() {
        return top;
    }

    /** The name of the list of documents. */
    String list() {
        return list;
    }

    String[] headers(String... more) {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (this == PINECONE) {
            headers.addAll(List.of("X-Pinecone-Api-Version", "2025-04"));
        }
        headers.addAll(List.of(more));
        return headers.toArray(String[]::new);
    }

    /** A request that is answered. */
    ObjectNode request() {
        return request(QUERY, TEXTS);
    }

    ObjectNode request(String query, List<String> texts) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case SCORE, V1_SCORE -> body.put("text_1", query);
            case EMBEDDINGS, API_DOCUMENTS -> {
            }
            default -> body.put("query", query);
        }
        if (this == API_DOCUMENTS) {
            ArrayNode documents = body.putArray(list);
            for (int i = 0; i < texts.size(); i++) {
                documents.addObject().put("id", "d" + i).put("text", texts.get(i));
            }
        } else if (!list.isEmpty()) {
            ArrayNode documents = body.putArray(list);
            texts.forEach(documents::add);
        }
        return body;
    }

    /** A request that has every key this route knows. */
    ObjectNode full() {
        ObjectNode body = request();
        switch (this) {
            case COHERE_V2 -> set(body, "{'model':'m','top_n':2,'max_tokens_per_doc':99,'return_documents':true,"
                    + "'priority':0}");
            case RERANK_V1, RERANKING, LLAMA -> set(body, "{'model':'m','top_n':2,'top_k':2,'return_documents':true,"
                    + "'rank_fields':['text'],'max_chunks_per_doc':2,'max_tokens_per_doc':99,'truncation':true}");
            case INFINITY -> set(body, "{'model':'m','top_n':2,'return_documents':true,'raw_scores':false}");
            case TEI -> set(body, "{'raw_scores':false,'return_text':true,'truncate':true,"
                    + "'truncation_direction':'Right'}");
            case PINECONE -> set(body, "{'model':'m','top_n':2,'return_documents':true,'rank_fields':['text'],"
                    + "'parameters':{}}");
            case MIXEDBREAD -> set(body, "{'model':'m','top_k':2,'return_input':true,'rank_fields':['text'],"
                    + "'rewrite_query':false}");
            case NIM -> set(body, "{'model':'m','truncate':'END','query':{'text':'days of leave'}}");
            case SCORE, V1_SCORE -> set(body, "{'model':'m','use_activation':true,'activation':true}");
            case EMBEDDINGS -> set(body, "{'model':'m','encoding_format':'float','dimensions':384,"
                    + "'input_type':'query','user':'u'}");
            case API_RERANK -> set(body, "{'model':'m','limit':2,'depth':2,'timeout_ms':9000,'explain':true}");
            case API_SEARCH -> set(body, "{'index':'default','limit':2,'depth':9,'unit':'document','timeout_ms':9000,"
                    + "'filter':{'and':[{'field':'n','in':[1]}]},'min_probability':0.1,'retriever':'bm25',"
                    + "'rerank':true,'explain':true}");
            case API_DOCUMENTS -> set(body, "{'index':'default'}");
        }
        return body;
    }

    private static void set(ObjectNode body, String more) {
        body.setAll((ObjectNode) Answer.parse(more.replace('\'', '"')));
    }

    /** The list of what is best. */
    JsonNode hits(JsonNode answer) {
        return answers.isEmpty() ? answer : answer.get(answers);
    }

    /** The places of the documents in the request, in the order of the answer. */
    List<Integer> order(JsonNode answer) {
        List<Integer> order = new ArrayList<>();
        hits(answer).forEach(hit -> order.add(hit.get("index").intValue()));
        return order;
    }

    List<Double> scores(JsonNode answer) {
        List<Double> scores = new ArrayList<>();
        hits(answer).forEach(hit -> scores.add(hit.get(score).doubleValue()));
        return scores;
    }

    /** Fails unless an answer has the shape of this dialect's errors. */
    void requireError(int status, Answer answer) {
        assertEquals(status, answer.status(), answer::text);
        requireError(answer);
    }

    /** Fails unless it is an error, not the server's fault, in this dialect's shape. */
    void requireError(Answer answer) {
        requireError(answer, errorKeys);
    }

    /** The same for a body of which it could not be seen whether it is TEI's or Infinity's. */
    static void requireUnread(Answer answer) {
        requireError(answer, Set.of("error", "error_type", "message", "detail"));
    }

    private static void requireError(Answer answer, Set<String> errorKeys) {
        assertEquals("application/json", answer.header("content-type").orElse(""), answer::text);
        Set<String> keys = new HashSet<>();
        answer.json().fieldNames().forEachRemaining(keys::add);
        assertEquals(errorKeys, keys, answer::text);
        String message = answer.json().get("message").textValue();
        assertTrue(message.length() > 5 && !message.contains("\n") && !message.contains("Exception"), message);
    }
}
