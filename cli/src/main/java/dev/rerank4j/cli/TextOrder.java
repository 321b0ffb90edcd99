package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Texts without an index, in the order that models put them into: a cascade reads ever fewer of them. They come in no
 * order, so that the first model reads all.
 *
 * @param query what they should answer
 * @param texts as they came
 * @param read best first; as they came, if nothing was read
 */
record TextOrder(String query, List<String> texts, List<Read> read) {

    /** One call of the model: bounds what the texts take beside themselves. */
    private static final int SLICE = 1000;

    /**
     * What a model said that read a text last.
     *
     * @param index of the text
     * @param stage which one it was, the first being 1
     * @param score its logit
     * @param probability of the last model that gave one
     * @param cut whether a model did not read all of it
     */
    record Read(int index, int stage, float score, OptionalDouble probability, boolean cut) {
    }

    /** In the order of the first model. */
    static TextOrder of(String query, List<String> texts, Scorer first, Deadline deadline) {
        List<Read> unread = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            unread.add(new Read(i, 0, 0, OptionalDouble.empty(), false));
        }
        return new TextOrder(query, texts, unread).narrowed(texts.size(), first, 1, deadline);
    }

    /** With the best in the order of another model; the others stay behind them. Equal ones stay as they stood. */
    TextOrder narrowed(int depth, Scorer model, int stage, Deadline deadline) {
        int count = Math.min(depth, read.size());
        List<Read> order = new ArrayList<>(read.size());
        for (int from = 0; from < count; from += SLICE) {
            List<Read> slice = read.subList(from, Math.min(from + SLICE, count));
            Scores scores = model.score(
                    ScoreRequest.of(query, slice.stream().map(each -> texts.get(each.index())).toList(), deadline));
            for (int i = 0; i < slice.size(); i++) {
                Read before = slice.get(i);
                order.add(new Read(before.index(), stage, scores.logits()[i], scores.probabilities().length == 0
                        ? before.probability()
                        : OptionalDouble.of(scores.probabilities()[i]), before.cut() || scores.cut().get(i)));
            }
        }
        order.sort(Comparator.comparingDouble(Read::score).reversed());
        order.addAll(read.subList(count, read.size()));
        return new TextOrder(query, texts, order);
    }
}
