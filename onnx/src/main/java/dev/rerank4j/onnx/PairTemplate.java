package dev.rerank4j.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import java.util.ArrayList;
import java.util.List;

/**
 * Which special tokens and token types a model wants around a query and a text, learnt from how its tokenizer puts an
 * example together: {@code [CLS] query [SEP] text [SEP]} for BERT, {@code <s> query </s></s> text </s>} for RoBERTa. So
 * each text is tokenized alone, once, and the ids are concatenated.
 */
record PairTemplate(List<Piece> pieces, int specials) {

    /** A special token, or the place of the first or second text, with its token type. */
    sealed interface Piece {
        int type();
    }

    record Special(int id, int type) implements Piece {
    }

    record First(int type) implements Piece {
    }

    record Second(int type) implements Piece {
    }

    /** Learns from an encoding of a pair, or a single text, with special tokens. */
    static PairTemplate of(Encoding example) {
        List<Piece> pieces = new ArrayList<>();
        int specials = 0;
        for (int i = 0; i < example.getIds().length; i++) {
            int type = (int) example.getTypeIds()[i];
            Piece piece;
            if (example.getSpecialTokenMask()[i] == 1) {
                piece = new Special((int) example.getIds()[i], type);
                specials++;
            } else {
                piece = example.getSequenceIds()[i] == 0 ? new First(type) : new Second(type);
            }
            // a text of several tokens is one piece
            if (pieces.isEmpty() || piece instanceof Special || !piece.equals(pieces.getLast())) {
                pieces.add(piece);
            }
        }
        return new PairTemplate(List.copyOf(pieces), specials);
    }

    boolean hasFirst() {
        return pieces.stream().anyMatch(First.class::isInstance);
    }

    boolean hasSecond() {
        return pieces.stream().anyMatch(Second.class::isInstance);
    }

    /** How many special tokens stand before the first text. */
    int leading() {
        int count = 0;
        while (pieces.get(count) instanceof Special) {
            count++;
        }
        return count;
    }

    /** How many tokens the two have together with the special ones. */
    int length(Sequence sequence) {
        return specials + sequence.first().length + sequence.second().length;
    }

    /** Hands over the ids in order, each with its type. */
    void write(Sequence sequence, Sink sink) {
        for (Piece piece : pieces) {
            switch (piece) {
                case Special(int id, int type) -> sink.put(id, type);
                case First(int type) -> all(sequence.first(), type, sink);
                case Second(int type) -> all(sequence.second(), type, sink);
            }
        }
    }

    private static void all(int[] ids, int type, Sink sink) {
        for (int id : ids) {
            sink.put(id, type);
        }
    }

    /** Takes token ids with their types. */
    @FunctionalInterface
    interface Sink {
        void put(int id, int type);
    }

    /** What stands at the places of a template; the second is empty for single texts. */
    record Sequence(int[] first, int[] second) {

        static Sequence single(int[] ids) {
            return new Sequence(ids, new int[0]);
        }
    }
}
