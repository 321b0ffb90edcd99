package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;

/** Cuts what is too long for the model, if the call wants that. Safe for use by several threads. */
final class Pieces {

    /**
     * A text with fewer characters for each token that the model reads is likely to be read whole, English having four or
     * five, and is only cut if it was not: cutting costs two readings by a tokenizer, about a twentieth of scoring.
     */
    private static final int LIKELY_CHARS = 3;

    /** Cutting computes on virtual threads: as many as there are cores, so that others are there to do the rest. */
    private final Semaphore cutters = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    /**
     * What the model reads of a text.
     *
     * @param index of the text in the call
     * @param start where it begins in the text, in UTF-16 units
     * @param end where it ends, exclusive
     * @param some whether there are further pieces, which it does not read
     */
    record Piece(int index, String text, int start, int end, boolean some) {
    }

    /** Of all texts; one that seems to be short enough is a piece of its own. */
    List<Piece> of(RerankCall call, ServedModel model, Deadline deadline) {
        List<Piece> pieces = new ArrayList<>(call.texts().size());
        for (int i = 0; i < call.texts().size(); i++) {
            String text = call.texts().get(i);
            List<Piece> cut = call.pieces() > 1 && text.length() > (long) LIKELY_CHARS * model.maxTokens()
                    ? cut(call, model, i, deadline)
                    : List.of();
            if (cut.isEmpty()) {
                pieces.add(new Piece(i, text, 0, text.length(), false));
            }
            pieces.addAll(cut);
        }
        return pieces;
    }

    /**
     * Of the texts that seemed to be short enough and were not.
     *
     * @param read all pieces that were read
     * @param cut which of them lost a part
     */
    List<Piece> denser(RerankCall call, ServedModel model, List<Piece> read, BitSet cut, Deadline deadline) {
        List<Piece> denser = new ArrayList<>();
        for (int i = cut.nextSetBit(0); i >= 0 && call.pieces() > 1; i = cut.nextSetBit(i + 1)) {
            Piece piece = read.get(i);
            if (piece.text().length() == call.texts().get(piece.index()).length()) {
                List<Piece> pieces = cut(call, model, piece.index(), deadline);
                denser.addAll(pieces.size() > 1 ? pieces : List.of());
            }
        }
        return denser;
    }

    private List<Piece> cut(RerankCall call, ServedModel model, int index, Deadline deadline) {
        String text = call.texts().get(index);
        Passage whole = new Passage("text", "text", "", text,
                new Location("", List.of(), OptionalInt.empty(), 0, text.length()), Map.of());
        cutters.acquireUninterruptibly();
        try {
            deadline.check("cutting");
            List<Passage> pieces = model.cutter().apply(whole);
            boolean some = pieces.size() > call.pieces();
            return pieces.stream().limit(call.pieces())
                    .map(piece -> new Piece(index, piece.text(), piece.location().start(), piece.location().end(),
                            some))
                    .toList();
        } finally {
            cutters.release();
        }
    }
}
