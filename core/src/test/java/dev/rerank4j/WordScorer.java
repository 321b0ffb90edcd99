package dev.rerank4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A scorer without a model, for tests: a token is a word, and the logit rises with the share of the query's words that
 * stand in the text. Keeps the whole contract, so that tests of other parts need no model.
 */
public final class WordScorer implements Scorer {

    private static final int WINDOW = 512;
    private static final int SPECIAL = 3; // as [CLS] query [SEP] text [SEP]

    private volatile boolean closed;

    @Override
    public String name() {
        return "words";
    }

    @Override
    public Scores score(ScoreRequest request) {
        if (closed) {
            throw new IllegalStateException("scorer is closed");
        }
        List<String> query = words(request.query());
        int room = Math.min(WINDOW, request.maxTokens()) - SPECIAL - query.size();
        if (room < 1) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, "query fills the window of " + WINDOW
                    + " words: shorten it");
        }
        int count = request.texts().size();
        float[] logits = new float[count];
        float[] probabilities = new float[count];
        int[] tokens = new int[count];
        BitSet cut = new BitSet();
        for (int i = 0; i < count; i++) {
            request.deadline().check("scoring");
            List<String> words = words(request.texts().get(i));
            if (words.size() > room) {
                cut.set(i);
                words = switch (request.cut()) {
                    case END -> words.subList(0, room);
                    case START -> words.subList(words.size() - room, words.size());
                };
            }
            tokens[i] = SPECIAL + query.size() + words.size();
            logits[i] = logit(query, words);
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return new Scores(logits, probabilities, tokens, cut, Scores.Timings.ZERO);
    }

    @Override
    public void close() {
        closed = true;
    }

    private static float logit(List<String> query, List<String> words) {
        Set<String> known = new HashSet<>(words);
        long found = query.stream().filter(known::contains).count();
        return 8f * found / Math.max(1, query.size()) - 4f - 0.001f * words.size();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("[\\s\\p{Punct}]+")));
        words.removeIf(String::isEmpty);
        return words;
    }
}
