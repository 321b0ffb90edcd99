package dev.rerank4j.cli;

import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A reranker that puts texts in order, where a scorer is wanted: the score says the place among the texts of the
 * request, the best being 0 and the next -1. Scores of different requests say nothing of each other.
 *
 * @param name equal names mean the same model, asked the same way
 */
record ListScorer(String name, Reranker reranker, Runnable closing) implements Scorer {

    @Override
    public Scores score(ScoreRequest request) {
        List<String> texts = request.texts();
        float[] places = new float[texts.size()];
        if (places.length > 0) {
            Ranking.Builder input = Ranking.builder("input");
            for (int i = 0; i < places.length; i++) {
                // of one length, so that ties are in their order
                input.add(Passage.of(String.format(Locale.ROOT, "%010d", i), texts.get(i)), -i);
                places[i] = -places.length;
            }
            int place = 0;
            for (var hit : reranker.rerank(Query.of(request.query()), input.build(), places.length,
                    request.deadline())) {
                places[Integer.parseInt(hit.passage().id())] = -place++;
            }
        }
        return new Scores(places, new float[0], new int[places.length], new BitSet(), Scores.Timings.ZERO);
    }

    @Override
    public void close() {
        closing.run();
    }
}
