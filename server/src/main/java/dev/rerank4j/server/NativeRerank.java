package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/rerank}: the reranker alone, with all that it says. */
record NativeRerank(Scoring scoring) implements Action {

    record Request(@Nullable String query, @Nullable List<JsonNode> documents, @Nullable Integer limit,
            @Nullable Integer depth, @Nullable String model, @Nullable Long timeoutMs, @Nullable Boolean explain) {
    }

    record Candidate(@Nullable String id, @Nullable String title, @Nullable String text,
            @Nullable Map<String, JsonNode> metadata) {

        String content() {
            return title == null || title.isEmpty() ? String.valueOf(text) : title + " " + text;
        }
    }

    record Response(String query, String model, boolean degraded, List<HitJson> hits,
            List<SearchJson.StageJson> stages, Usage usage) {
    }

    /**
     * @param id as it was given; the place if none was
     * @param score the logit of the model that read it last; null where none did
     * @param passage the piece that counted, in UTF-16 units of the text
     */
    record HitJson(int rank, int index, String id, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Float score,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Float probability, String title, String text,
            Range passage, int tokens, boolean cut, @Nullable List<SearchJson.EvidenceJson> evidence) {
    }

    record Range(int start, int end) {
    }

    record Usage(long tokens, int cut) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.strict(exchange.body(), Request.class);
        List<Candidate> candidates = candidates(request.documents());
        int limit = Tops.atLeastOne("limit", request.limit());
        int depth = Math.min(candidates.size(), Tops.atLeastOne("depth", request.depth()));
        String query = QueryText.of(request.query());
        // Those behind the depth follow in their order: the call sees the first ones alone.
        RerankCall call = new RerankCall(Optional.ofNullable(request.model()), query,
                candidates.subList(0, depth).stream().map(Candidate::content).toList(), RerankCall.ALL)
                .withPieces(RerankCall.ALL);
        if (candidates.size() > exchange.maxDocuments()) {
            throw Refusal.invalid("documents must be at most " + exchange.maxDocuments() + ", got "
                    + candidates.size());
        }
        Timed timed = timed(call, exchange, request.timeoutMs());
        boolean explain = Boolean.TRUE.equals(request.explain());
        List<HitJson> hits = new ArrayList<>();
        timed.ranked().ifPresent(ranked -> ranked.best()
                .forEach(item -> hits.add(read(hits.size() + 1, candidates.get(item.index()), item, explain))));
        for (int i = hits.size(); i < candidates.size(); i++) {
            hits.add(unread(i, candidates.get(i), explain));
        }
        boolean degraded = timed.ranked().map(Ranked::degraded).orElse(true);
        return Reply.json(new Response(query, exchange.reranker(call.model()).name(), degraded,
                List.copyOf(hits.subList(0, Math.min(limit, hits.size()))), timed.stages(),
                new Usage(timed.ranked().map(Ranked::tokens).orElse(0L), timed.ranked().map(Ranked::cut).orElse(0))));
    }

    /**
     * What the model said, and what became of it.
     *
     * @param ranked empty if it was late: then the given order is the answer, as in a search
     */
    private record Timed(Optional<Ranked> ranked, List<SearchJson.StageJson> stages) {
    }

    private Timed timed(RerankCall call, Exchange exchange, @Nullable Long timeoutMs) {
        Exchange limited = timeoutMs == null ? exchange : within(exchange, timeoutMs);
        long start = System.nanoTime();
        try {
            Ranked ranked = scoring.rank(call, limited);
            return new Timed(Optional.of(ranked), ranked.stages().stream().map(SearchJson::stage).toList());
        } catch (RerankException e) {
            if (e.kind() != RerankException.Kind.TIMEOUT) {
                throw e;
            }
            return new Timed(Optional.empty(), List.of(new SearchJson.StageJson(RerankCall.STAGE, "failed",
                    millis(start), null, String.valueOf(e.getMessage()))));
        }
    }

    private static Exchange within(Exchange exchange, long timeoutMs) {
        if (timeoutMs < 1) {
            throw Refusal.invalid("timeout_ms must be >= 1, got " + timeoutMs);
        }
        Duration asked = Duration.ofMillis(timeoutMs);
        Duration left = exchange.deadline().remaining();
        return new Exchange(exchange.id(), exchange.request(), exchange.body(), exchange.key(),
                asked.compareTo(left) < 0 ? Deadline.in(asked) : exchange.deadline(), exchange.maxDocuments(),
                exchange.catalogue());
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1000 / 1000.0;
    }

    private static List<Candidate> candidates(@Nullable List<JsonNode> documents) {
        if (documents == null) {
            throw new Refusal(Reason.MALFORMED, "documents must be a list, got nothing");
        }
        List<Candidate> candidates = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            JsonNode document = documents.get(i);
            if (document != null && document.isTextual()) {
                candidates.add(new Candidate(null, null, document.textValue(), null));
            } else if (document != null && document.isObject() && document.path("text").isTextual()) {
                candidates.add(Json.strict(document, Candidate.class));
            } else {
                throw new Refusal(Reason.MALFORMED, "documents[" + i + "] must be a text or an object with a text, got "
                        + (document == null ? "null" : Json.kind(document)));
            }
        }
        return candidates;
    }

    private static HitJson read(int rank, Candidate candidate, Ranked.Item item, boolean explain) {
        // The title stands before the text for the model, and does not count in the text's places.
        int title = candidate.content().length() - String.valueOf(candidate.text()).length();
        Reading.Text read = item.text();
        return new HitJson(rank, item.index(), id(item.index(), candidate), read.logit(),
                item.probability().isPresent() ? (float) item.probability().getAsDouble() : null, title(candidate),
                String.valueOf(candidate.text()),
                new Range(Math.max(0, read.start() - title), Math.max(0, read.end() - title)), read.tokens(),
                read.cut(), explain
                        ? Stream.concat(Stream.of(input(item.index())),
                                item.evidence().stream().map(
                                        said -> new SearchJson.EvidenceJson(said.stage(), said.rank(), said.score())))
                                .toList()
                        : null);
    }

    private static HitJson unread(int index, Candidate candidate, boolean explain) {
        String text = String.valueOf(candidate.text());
        return new HitJson(index + 1, index, id(index, candidate), null, null, title(candidate), text,
                new Range(0, text.length()), 0, false, explain ? List.of(input(index)) : null);
    }

    /** The order in which documents come is what an earlier stage said of them. */
    private static SearchJson.EvidenceJson input(int index) {
        return new SearchJson.EvidenceJson(RerankCall.INPUT, index + 1, -index);
    }

    private static String id(int index, Candidate candidate) {
        return candidate.id() == null ? String.valueOf(index) : candidate.id();
    }

    private static String title(Candidate candidate) {
        return candidate.title() == null ? "" : candidate.title();
    }
}
