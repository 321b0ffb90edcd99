package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.server.Pieces.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks a model about the texts of a call, and puts them in order. */
final class Scoring {

    /** By score, then by place: duplicates keep their own. */
    private static final Comparator<Ranked.Item> BEST_FIRST = Comparator
            .comparingDouble((Ranked.Item item) -> -item.logit()).thenComparingInt(Ranked.Item::index);

    private final Meters meters;
    private final Pieces pieces = new Pieces();
    private final Pace pace = new Pace(Runtime.getRuntime().availableProcessors());

    Scoring(Meters meters) {
        this.meters = meters;
    }

    /**
     * @throws Refusal if there is no query, no text, or too many
     */
    Ranked rank(RerankCall call, Exchange exchange) {
        if (call.query().isBlank()) {
            throw Refusal.invalid("query must not be empty: say what the documents should answer");
        }
        if (call.texts().isEmpty()) {
            throw new Refusal(Reason.EMPTY, "documents must not be empty: send at least one");
        }
        if (call.texts().size() > exchange.maxDocuments()) {
            throw Refusal.invalid("documents must be at most " + exchange.maxDocuments() + ", got "
                    + call.texts().size() + ": rerank what a first stage has found, or split it");
        }
        ServedModel model = exchange.model(call.model());
        Deadline deadline = exchange.deadline();
        pace.check(call, model, deadline);
        int maxTokens = maxTokens(call, model, deadline);
        List<Piece> read = pieces.of(call, model, deadline);
        Scores scores = score(call, model, read, maxTokens, deadline);
        List<Ranked.Item> items = items(read, scores);
        Scores.Timings timings = scores.timings();
        List<Piece> denser = pieces.denser(call, model, read, scores.cut(), deadline);
        if (!denser.isEmpty()) {
            Scores again = score(call, model, denser, maxTokens, deadline);
            Set<Integer> replaced = denser.stream().map(Piece::index).collect(Collectors.toSet());
            items.removeIf(item -> replaced.contains(item.index()));
            items.addAll(items(denser, again));
            timings = sum(timings, again.timings());
        }
        return ranked(call, model, items, timings);
    }

    private Scores score(RerankCall call, ServedModel model, List<Piece> read, int maxTokens, Deadline deadline) {
        meters.reranks(read.size());
        Scores scores = model.scorer().score(new ScoreRequest(call.query(), read.stream().map(Piece::text).toList(),
                maxTokens, call.cut(), deadline));
        pace.learn(model, scores);
        return scores;
    }

    /** The limit of a text becomes one of the pair: what the query and the special tokens take comes on top. */
    private static int maxTokens(RerankCall call, ServedModel model, Deadline deadline) {
        if (call.textTokens() >= model.maxTokens()) {
            return Integer.MAX_VALUE;
        }
        int beside = model.scorer().score(ScoreRequest.of(call.query(), List.of(""), deadline)).tokens()[0];
        return beside + call.textTokens();
    }

    private static List<Ranked.Item> items(List<Piece> read, Scores scores) {
        boolean probable = scores.probabilities().length > 0;
        List<Ranked.Item> items = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            Piece piece = read.get(i);
            items.add(new Ranked.Item(piece.index(), scores.logits()[i],
                    probable ? OptionalDouble.of(scores.probabilities()[i]) : OptionalDouble.empty(),
                    scores.tokens()[i], scores.cut().get(i) || piece.some(), piece.start(), piece.end()));
        }
        return items;
    }

    /** Of the pieces of a text the best counts, of equal ones the first; it lost a part if one of them did. */
    private static Ranked ranked(RerankCall call, ServedModel model, List<Ranked.Item> items, Scores.Timings timings) {
        Map<Integer, Ranked.Item> byIndex = new HashMap<>();
        items.forEach(item -> byIndex.merge(item.index(), item, (before, next) -> next.logit() > before.logit()
                ? next.cutIf(before.cut())
                : before.cutIf(next.cut())));
        List<Ranked.Item> best = new ArrayList<>(byIndex.values());
        int cut = (int) best.stream().filter(Ranked.Item::cut).count();
        best.sort(BEST_FIRST);
        return new Ranked(model, List.copyOf(best.subList(0, Math.min(call.limit(), best.size()))),
                items.stream().mapToLong(Ranked.Item::tokens).sum(), cut, timings);
    }

    private static Scores.Timings sum(Scores.Timings one, Scores.Timings other) {
        return new Scores.Timings(one.tokenize().plus(other.tokenize()), one.queue().plus(other.queue()),
                one.inference().plus(other.inference()));
    }
}
