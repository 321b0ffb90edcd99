package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.Evidence;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.StageReport;
import dev.rerank4j.TokenCounter;
import dev.rerank4j.server.Pieces.Piece;
import java.time.Duration;
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
    private static final Comparator<Reading.Text> BEST_FIRST = Comparator
            .comparingDouble((Reading.Text text) -> -text.logit()).thenComparingInt(Reading.Text::index);

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
        ServedCascade model = exchange.reranker(call.model());
        if (model.stages().size() > 1) {
            Ranked ranked = new CascadeCall(this, model, call, exchange.deadline()).ranked();
            meters.stages(ranked.stages());
            return ranked;
        }
        long start = System.nanoTime();
        Reading reading = read(call, model.last(), exchange.deadline());
        return ranked(call, model, reading, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * What one model says of the texts of a call.
     *
     * @throws Refusal if the model is busy
     */
    Reading read(RerankCall call, ServedModel model, Deadline deadline) {
        pace.check(call, model, deadline);
        int maxTokens = maxTokens(call, model, deadline);
        List<Piece> read = pieces.of(call, model, deadline);
        Scores scores = score(call, model, read, maxTokens, deadline);
        List<Reading.Text> texts = texts(read, scores);
        Scores.Timings timings = scores.timings();
        List<Piece> denser = pieces.denser(call, model, read, scores.cut(), deadline);
        if (!denser.isEmpty()) {
            Scores again = score(call, model, denser, maxTokens, deadline);
            Set<Integer> replaced = denser.stream().map(Piece::index).collect(Collectors.toSet());
            texts.removeIf(text -> replaced.contains(text.index()));
            texts.addAll(texts(denser, again));
            timings = Reading.sum(timings, again.timings());
        }
        return new Reading(best(texts), texts.stream().mapToLong(Reading.Text::tokens).sum(), timings);
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
        if (model.remote().isPresent()) { // it would be a call of its own to ask
            return (int) Math.min(Integer.MAX_VALUE,
                    (long) call.textTokens() + TokenCounter.approximate().count(call.query()));
        }
        int beside = model.scorer().score(ScoreRequest.of(call.query(), List.of(""), deadline)).tokens()[0];
        return beside + call.textTokens();
    }

    private static List<Reading.Text> texts(List<Piece> read, Scores scores) {
        boolean probable = scores.probabilities().length > 0;
        List<Reading.Text> texts = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            Piece piece = read.get(i);
            texts.add(new Reading.Text(piece.index(), scores.logits()[i],
                    probable ? OptionalDouble.of(scores.probabilities()[i]) : OptionalDouble.empty(),
                    scores.tokens()[i], scores.cut().get(i) || piece.some(), piece.start(), piece.end()));
        }
        return texts;
    }

    /** Of the pieces of a text the best counts, of equal ones the first; it lost a part if one of them did. */
    private static List<Reading.Text> best(List<Reading.Text> pieces) {
        Map<Integer, Reading.Text> byIndex = new HashMap<>();
        pieces.forEach(piece -> byIndex.merge(piece.index(), piece, (before, next) -> next.logit() > before.logit()
                ? next.cutIf(before.cut())
                : before.cutIf(next.cut())));
        return byIndex.values().stream().sorted(BEST_FIRST).toList();
    }

    private static Ranked ranked(RerankCall call, ServedCascade model, Reading reading, Duration time) {
        List<Ranked.Item> best = new ArrayList<>();
        for (Reading.Text text : reading.best().subList(0, Math.min(call.limit(), reading.best().size()))) {
            best.add(new Ranked.Item(text, text.probability(), text.logit(), text.relevance(),
                    List.of(new Evidence(RerankCall.STAGE, best.size() + 1, text.logit()))));
        }
        return new Ranked(model, best, reading.tokens(),
                (int) reading.best().stream().filter(Reading.Text::cut).count(),
                reading.timings(), List.of(new StageReport.Completed(RerankCall.STAGE, time, best.size())));
    }
}
