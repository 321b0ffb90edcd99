package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Asks a model about the texts of a call, and puts them in order. */
final class Scoring {

    /** By score, then by place: duplicates keep their own. */
    private static final Comparator<Ranked.Item> BEST_FIRST = Comparator
            .comparingDouble((Ranked.Item item) -> -item.logit()).thenComparingInt(Ranked.Item::index);

    private final Meters meters;

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
        List<Piece> pieces = pieces(call, model, exchange.deadline());
        Scores scores = model.scorer().score(new ScoreRequest(call.query(),
                pieces.stream().map(Piece::text).toList(), maxTokens(call, model, exchange.deadline()), call.cut(),
                exchange.deadline()));
        meters.scored(scores);
        return ranked(call, model, pieces, scores);
    }

    /**
     * What the model reads of a text.
     *
     * @param some whether there are further pieces, which it does not read
     */
    private record Piece(int index, String text, int start, int end, boolean some) {
    }

    private static List<Piece> pieces(RerankCall call, ServedModel model, Deadline deadline) {
        List<Piece> pieces = new ArrayList<>(call.texts().size());
        for (int i = 0; i < call.texts().size(); i++) {
            String text = call.texts().get(i);
            // A token has a character at least: a short text is whole without being looked at.
            if (call.pieces() > 1 && text.length() > model.maxTokens() / 2) {
                deadline.check("cutting");
                List<Passage> cut = model.cutter().apply(new Passage("text", "text", "", text,
                        new Location("", List.of(), OptionalInt.empty(), 0, text.length()), Map.of()));
                for (Passage piece : cut.subList(0, Math.min(cut.size(), call.pieces()))) {
                    pieces.add(new Piece(i, piece.text(), piece.location().start(), piece.location().end(),
                            cut.size() > call.pieces()));
                }
                if (!cut.isEmpty()) {
                    continue;
                }
            }
            pieces.add(new Piece(i, text, 0, text.length(), false));
        }
        return pieces;
    }

    /** The limit of a text becomes one of the pair: what the query and the special tokens take comes on top. */
    private static int maxTokens(RerankCall call, ServedModel model, Deadline deadline) {
        if (call.textTokens() >= model.maxTokens()) {
            return Integer.MAX_VALUE;
        }
        int beside = model.scorer().score(ScoreRequest.of(call.query(), List.of(""), deadline)).tokens()[0];
        return beside + call.textTokens();
    }

    private static Ranked ranked(RerankCall call, ServedModel model, List<Piece> pieces, Scores scores) {
        boolean probable = scores.probabilities().length > 0;
        List<Ranked.Item> best = new ArrayList<>(call.texts().size());
        BitSet cut = new BitSet();
        for (int i = 0; i < pieces.size(); i++) {
            if (scores.cut().get(i) || pieces.get(i).some()) {
                cut.set(pieces.get(i).index());
            }
        }
        long tokens = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            tokens += scores.tokens()[i];
            Ranked.Item item = new Ranked.Item(piece.index(), scores.logits()[i],
                    probable ? OptionalDouble.of(scores.probabilities()[i]) : OptionalDouble.empty(),
                    scores.tokens()[i], cut.get(piece.index()), piece.start(), piece.end());
            boolean another = !best.isEmpty() && best.getLast().index() == piece.index();
            if (!another) {
                best.add(item);
            } else if (item.logit() > best.getLast().logit()) {
                best.set(best.size() - 1, item);
            }
        }
        best.sort(BEST_FIRST);
        return new Ranked(model, List.copyOf(best.subList(0, Math.min(call.limit(), best.size()))), tokens,
                cut.cardinality(), scores.timings());
    }
}
