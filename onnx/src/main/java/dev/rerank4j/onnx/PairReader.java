package dev.rerank4j.onnx;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Tokenizes a query and its texts, each once, and cuts texts that are too long. The query is never cut: {@code
 * sentence-transformers} cuts whichever of the two is longer, which comes to the same unless the query alone fills more
 * than half of the window.
 */
record PairReader(ModelSpec spec, Tokenizer tokenizer, PairTemplate template) {

    /**
     * @param cut is told which texts lost a part
     * @param stop says whether to give up
     * @throws RerankException {@code INVALID_REQUEST} if the query leaves no room, {@code TIMEOUT} at the deadline, {@code
     *         UNAVAILABLE} if told to give up
     */
    List<PairTemplate.Sequence> read(String query, List<String> texts, int maxTokens, ScoreRequest.Side side,
            BitSet cut,
            Deadline deadline, BooleanSupplier stop) {
        int[] first = tokenizer.ids(spec.queryInstruction() + query);
        int room = maxTokens - template.specials() - first.length;
        if (room < 1) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, "the query has " + first.length
                    + " tokens, and model " + spec.name() + " reads at most " + maxTokens
                    + " of query and text together: shorten the query to at most "
                    + Math.max(0, maxTokens - template.specials() - 1) + " tokens");
        }
        List<PairTemplate.Sequence> pairs = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            deadline.check("tokenizing");
            if (stop.getAsBoolean()) {
                throw new RerankException(RerankException.Kind.UNAVAILABLE, "scoring was interrupted");
            }
            Tokenizer.Cut second = tokenizer.ids(texts.get(i), room, side == ScoreRequest.Side.START);
            cut.set(i, second.shortened());
            pairs.add(new PairTemplate.Sequence(first, second.ids()));
        }
        return pairs;
    }
}
