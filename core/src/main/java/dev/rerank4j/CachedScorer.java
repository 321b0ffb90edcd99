package dev.rerank4j;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentMap;

/**
 * A scorer that asks another only for pairs it has not seen: scores are pointwise, so that a pair's score can be kept
 * under the model's name, query and text. Texts themselves are not kept, only their hashes. Of equal texts in a request
 * one is scored. Where the other scorer fails, nothing of the request is kept.
 *
 * <p>How much is kept, and where, is the map's affair: it may forget at any time, live in memory or on a disk; what it
 * throws reaches the caller. Safe for use by several threads; two that miss the same pair at the same time both have it
 * scored.
 */
public final class CachedScorer implements Scorer {

    /**
     * What is kept of a pair.
     *
     * @param logit finite
     * @param probability 0 to 1; empty if the model gives none
     * @param tokens how many tokens were read
     * @param cut whether the text lost a part
     */
    public record Score(float logit, OptionalDouble probability, int tokens, boolean cut) {

        /**
         * Checks the ranges of what is to be kept.
         *
         * @throws IllegalArgumentException if {@code logit} is not finite, {@code probability} is not within 0 to 1 or
         *         {@code tokens < 0}
         */
        public Score {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("logit must be finite, got " + logit);
            }
            if (probability.isPresent() && !(probability.getAsDouble() >= 0 && probability.getAsDouble() <= 1)) {
                throw new IllegalArgumentException("probability must be within 0 to 1, got "
                        + probability.getAsDouble());
            }
            if (tokens < 0) {
                throw new IllegalArgumentException("tokens must be >= 0, got " + tokens);
            }
        }
    }

    private final Scorer scorer;
    private final ConcurrentMap<String, Score> scores;
    private volatile boolean closed;

    /**
     * A scorer that asks {@code scores} before it asks {@code scorer}, and keeps there what it had to ask for.
     *
     * @param scorer closed with this one
     * @param scores by {@link #key}; may be shared by scorers, as keys tell models apart
     */
    public CachedScorer(Scorer scorer, ConcurrentMap<String, Score> scores) {
        this.scorer = Objects.requireNonNull(scorer, "scorer");
        this.scores = Objects.requireNonNull(scores, "scores");
    }

    /**
     * {@return under what a pair's score is kept: a hash of everything it depends on, 32 hexadecimal digits}
     *
     * @param model the {@linkplain Scorer#name() name} of the model that scores
     * @param request whose query, longest pair and side count; its texts do not
     * @param text the pair's text
     */
    public static String key(String model, ScoreRequest request, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(model, request.query(), text)) {
                // The units themselves: to an encoding such as UTF-8 all lone surrogates are one.
                ByteBuffer units = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * part.length())
                        .putInt(part.length());
                units.asCharBuffer().put(part);
                digest.update(units.rewind());
            }
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(request.maxTokens()).array());
            digest.update((byte) request.cut().ordinal());
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    @Override
    public String name() {
        return scorer.name();
    }

    /**
     * {@inheritDoc} Timings are those of the pairs that had to be scored.
     *
     * @throws RerankException as the other scorer does; {@code MODEL} also if it does not give a score for each text
     */
    @Override
    public Scores score(ScoreRequest request) {
        if (closed) {
            throw new IllegalStateException("scorer is closed");
        }
        request.deadline().check("scoring");
        List<String> keys = request.texts().stream().map(text -> key(name(), request, text)).toList();
        Map<String, Score> known = new HashMap<>();
        Map<String, String> missing = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            Score score = scores.get(key);
            if (score != null) {
                known.put(key, score);
            } else {
                missing.put(key, request.texts().get(i));
            }
        }
        Scores.Timings timings = Scores.Timings.ZERO;
        if (!missing.isEmpty()) {
            Scores fresh = scorer.score(new ScoreRequest(request.query(), List.copyOf(missing.values()),
                    request.maxTokens(), request.cut(), request.deadline()));
            Checks.scoreForEach(missing.size(), fresh, scorer);
            timings = fresh.timings();
            int i = 0;
            for (String key : missing.keySet()) {
                Score score = of(fresh, i++);
                known.put(key, score);
                scores.put(key, score);
            }
        }
        return together(keys.stream().map(known::get).toList(), timings);
    }

    private static Score of(Scores fresh, int i) {
        return new Score(fresh.logits()[i],
                fresh.probabilities().length == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(fresh.probabilities()[i]),
                fresh.tokens()[i], fresh.cut().get(i));
    }

    private static Scores together(List<Score> scores, Scores.Timings timings) {
        boolean calibrated = scores.stream().allMatch(score -> score.probability().isPresent());
        float[] logits = new float[scores.size()];
        float[] probabilities = new float[calibrated ? scores.size() : 0];
        int[] tokens = new int[scores.size()];
        BitSet cut = new BitSet(scores.size());
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            logits[i] = score.logit();
            tokens[i] = score.tokens();
            cut.set(i, score.cut());
            if (calibrated) {
                probabilities[i] = (float) score.probability().orElseThrow();
            }
        }
        return new Scores(logits, probabilities, tokens, cut, timings);
    }

    @Override
    public void close() {
        closed = true;
        scorer.close();
    }
}
