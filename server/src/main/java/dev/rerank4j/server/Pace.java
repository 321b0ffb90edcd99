package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import dev.rerank4j.Scores;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How fast each model works, as seen so far, and whether an answer could come in time. Requests share a model in turn:
 * one that is let in although it will be late makes others late, too, until hardly any is answered. Safe for use by
 * several threads.
 */
final class Pace {

    /** Of the time that is left: others that come later share the model, too. */
    private static final double SHARE = 0.5;

    /** Of what was seen last. */
    private static final double WEIGHT = 0.2;

    /** A few tokens say little about the pace. */
    private static final int TELLING = 200;

    private final Map<String, Double> tokensPerSecond = new ConcurrentHashMap<>();
    private final int cores;

    /**
     * @param cores how many batches run side by side
     */
    Pace(int cores) {
        this.cores = cores;
    }

    /** Learns from what a model has scored. */
    void learn(ServedModel model, Scores scores) {
        long tokens = Arrays.stream(scores.tokens()).asLongStream().sum();
        double seconds = scores.timings().inference().toNanos() / 1e9 / cores;
        if (tokens >= TELLING && seconds > 0) {
            tokensPerSecond.merge(model.name(), tokens / seconds,
                    (before, now) -> (1 - WEIGHT) * before + WEIGHT * now);
        }
    }

    /**
     * Lets a call pass that finds nothing waiting, or has time for what is waiting and for itself.
     *
     * @throws Refusal if it would be too late
     */
    void check(RerankCall call, ServedModel model, Deadline deadline) {
        long waiting = model.load().get().waitingTokens();
        Double pace = tokensPerSecond.get(model.name());
        if (waiting == 0 || pace == null || !deadline.isFinite()) {
            return;
        }
        double left = deadline.remaining().toNanos() / 1e9;
        if ((waiting + tokens(call, model)) / pace > SHARE * left) {
            throw new Refusal(Reason.OVERLOADED,
                    "the model is busy: " + waiting + " tokens are waiting, and the answer "
                            + "would come too late; try again later, or allow more time");
        }
    }

    /** Four characters a token are near enough. */
    private static long tokens(RerankCall call, ServedModel model) {
        long query = call.query().length() / 4L + 3;
        long most = call.pieces() > 1 ? Long.MAX_VALUE : Math.min(call.textTokens(), model.maxTokens());
        return call.texts().stream().mapToLong(text -> Math.min(most, text.length() / 4L) + query).sum();
    }
}
