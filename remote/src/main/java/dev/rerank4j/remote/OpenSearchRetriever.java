package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Retriever;
import java.util.function.DoubleUnaryOperator;

/** A first stage that is a search of an engine. */
final class OpenSearchRetriever implements Retriever {

    /** What is asked. */
    interface Question {
        /** A body without size. */
        ObjectNode body(Query query, int limit, Deadline deadline);
    }

    private final String name;
    private final OpenSearchClient client;
    private final OpenSearchQueries queries;
    private final OpenSearchHits hits;
    private final Question question;
    private final DoubleUnaryOperator score;

    /** @param score what the engine's score means */
    OpenSearchRetriever(String name, OpenSearchClient client, OpenSearchQueries queries, OpenSearchHits hits,
            Question question, DoubleUnaryOperator score) {
        this.name = name;
        this.client = client;
        this.queries = queries;
        this.hits = hits;
        this.question = question;
        this.score = score;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        client.requireOpen();
        deadline.check(name);
        int size = Math.min(limit, OpenSearchQueries.MOST);
        ObjectNode body = question.body(query, size, deadline);
        body.put("size", size).put("track_total_hits", false);
        queries.source(body);
        if (deadline.isFinite()) {
            body.put("timeout", Math.max(1, deadline.remaining().toMillis()) + "ms");
        }
        // The same copies of the shards for the same query: they differ in what they have not yet forgotten.
        JsonNode answer = client.post("/_search?search_type=dfs_query_then_fetch&allow_partial_search_results=false"
                + "&preference=q" + Integer.toHexString(query.text().hashCode()), body, deadline);
        return ranking(answer);
    }

    private Ranking ranking(JsonNode answer) {
        if (answer.path("timed_out").asBoolean()) {
            throw new RerankException(Kind.TIMEOUT, name + " did not finish before the deadline");
        }
        client.requireAllShards(answer);
        JsonNode found = answer.path("hits").path("hits");
        if (!found.isArray()) {
            throw new RerankException(Kind.MODEL, client.subject()
                    + " answered without hits: check that its address is that of the engine");
        }
        Ranking.Builder ranking = Ranking.builder(name);
        for (JsonNode hit : found) {
            double value = score.applyAsDouble(hit.path("_score").asDouble(Double.NaN));
            if (!Double.isFinite(value)) {
                throw new RerankException(Kind.MODEL, client.subject() + " answered with a hit without a score");
            }
            ranking.add(hits.passage(hit), value);
        }
        return ranking.build();
    }
}
