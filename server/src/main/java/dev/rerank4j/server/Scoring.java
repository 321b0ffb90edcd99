package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Asks a model about the texts of a call, and puts them in order. */
final class Scoring {

    /** By score, then by place: duplicates keep their own. */
    private static final Comparator<Ranked.Item> BEST_FIRST = Comparator
            .comparingDouble((Ranked.Item item) -> -item.logit()).thenComparingInt(Ranked.Item::index);

    /**
     * A text with fewer characters for each token that the model reads is likely to be read whole, English having four or
     * five, and is only cut if it was not: cutting costs two readings by a tokenizer, about a twentieth of scoring.
     */
    private static final int LIKELY_CHARS = 3;

    private final Meters meters;
    /** Cutting computes on virtual threads: as many as there are cores, so that others are there to do the rest. */
    private final Semaphore cutters = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

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
        int maxTokens = maxTokens(call, model, exchange.deadline());
        List<Piece> pieces = pieces(call, model, exchange.deadline());
        Scores scores = score(call, model, pieces, maxTokens, exchange.deadline());
        List<Ranked.Item> items = items(pieces, scores);
        List<Piece> denser = denser(call, model, pieces, scores, exchange.deadline());
        Scores.Timings timings = scores.timings();
        if (!denser.isEmpty()) {
            Scores again = score(call, model, denser, maxTokens, exchange.deadline());
            Set<Integer> replaced = denser.stream().map(Piece::index).collect(Collectors.toSet());
            items.removeIf(item -> replaced.contains(item.index()));
            items.addAll(items(denser, again));
            timings = sum(timings, again.timings());
        }
        return ranked(call, model, items, timings);
    }

    /**
     * What the model reads of a text.
     *
     * @param some whether there are further pieces, which it does not read
     */
    private record Piece(int index, String text, int start, int end, boolean some) {
    }

    private Scores score(RerankCall call, ServedModel model, List<Piece> pieces, int maxTokens, Deadline deadline) {
        Scores scores = model.scorer().score(new ScoreRequest(call.query(), pieces.stream().map(Piece::text).toList(),
                maxTokens, call.cut(), deadline));
        meters.scored(scores);
        return scores;
    }

    private List<Piece> pieces(RerankCall call, ServedModel model, Deadline deadline) {
        List<Piece> pieces = new ArrayList<>(call.texts().size());
        for (int i = 0; i < call.texts().size(); i++) {
            String text = call.texts().get(i);
            List<Piece> cut = call.pieces() > 1 && text.length() > LIKELY_CHARS * model.maxTokens()
                    ? cut(call, model, i, deadline)
                    : List.of();
            if (cut.isEmpty()) {
                pieces.add(new Piece(i, text, 0, text.length(), false));
            }
            pieces.addAll(cut);
        }
        return pieces;
    }

    /** Texts that were read whole in good hope and turned out too long: their pieces. */
    private List<Piece> denser(RerankCall call, ServedModel model, List<Piece> pieces, Scores scores,
            Deadline deadline) {
        List<Piece> denser = new ArrayList<>();
        for (int i = scores.cut().nextSetBit(0); i >= 0; i = scores.cut().nextSetBit(i + 1)) {
            Piece piece = pieces.get(i);
            if (call.pieces() > 1 && piece.text().length() == call.texts().get(piece.index()).length()) {
                List<Piece> cut = cut(call, model, piece.index(), deadline);
                denser.addAll(cut.size() > 1 ? cut : List.of());
            }
        }
        return denser;
    }

    private List<Piece> cut(RerankCall call, ServedModel model, int index, Deadline deadline) {
        deadline.check("cutting");
        String text = call.texts().get(index);
        Passage whole = new Passage("text", "text", "", text,
                new Location("", List.of(), OptionalInt.empty(), 0, text.length()), Map.of());
        cutters.acquireUninterruptibly();
        try {
            List<Passage> all = model.cutter().apply(whole);
            return all.stream().limit(call.pieces()).map(piece -> new Piece(index, piece.text(),
                    piece.location().start(), piece.location().end(), all.size() > call.pieces())).toList();
        } finally {
            cutters.release();
        }
    }

    /** The limit of a text becomes one of the pair: what the query and the special tokens take comes on top. */
    private static int maxTokens(RerankCall call, ServedModel model, Deadline deadline) {
        if (call.textTokens() >= model.maxTokens()) {
            return Integer.MAX_VALUE;
        }
        int beside = model.scorer().score(ScoreRequest.of(call.query(), List.of(""), deadline)).tokens()[0];
        return beside + call.textTokens();
    }

    private static List<Ranked.Item> items(List<Piece> pieces, Scores scores) {
        boolean probable = scores.probabilities().length > 0;
        BitSet cut = new BitSet();
        for (int i = 0; i < pieces.size(); i++) {
            if (scores.cut().get(i) || pieces.get(i).some()) {
                cut.set(pieces.get(i).index());
            }
        }
        List<Ranked.Item> items = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            items.add(new Ranked.Item(piece.index(), scores.logits()[i],
                    probable ? OptionalDouble.of(scores.probabilities()[i]) : OptionalDouble.empty(),
                    scores.tokens()[i], cut.get(piece.index()), piece.start(), piece.end()));
        }
        return items;
    }

    /** Of the pieces of a text the best counts; of equal ones the first. */
    private static Ranked ranked(RerankCall call, ServedModel model, List<Ranked.Item> items, Scores.Timings timings) {
        Map<Integer, Ranked.Item> byIndex = new HashMap<>();
        items.forEach(item -> byIndex.merge(item.index(), item,
                (before, next) -> next.logit() > before.logit() ? next : before));
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
