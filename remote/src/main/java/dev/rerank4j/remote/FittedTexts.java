package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.ScoreRequest.Side;
import dev.rerank4j.TokenCounter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The texts of a request as they can be sent: cut to what is read of them, and counted. Counts are estimates, on most
 * texts above the truth.
 *
 * @param texts none of them blank
 * @param tokens of each pair
 * @param cut which lost a part here; a service may cut more
 */
record FittedTexts(List<String> texts, int[] tokens, BitSet cut) {

    private static final TokenCounter COUNTER = TokenCounter.approximate();
    /** Between and around query and text. */
    private static final int SPECIAL = 4;
    /** In place of a text without a character that shows: services refuse those, and with them all others. */
    private static final String BLANK = ".";

    /** Texts that go out together: those from {@code from} until before {@code to}. */
    record Part(int from, int to) {
    }

    /**
     * @param name of the scorer, in messages
     * @param servicesCut whether the service cuts at the wanted end by itself. Then what it may still read by its own
     *        count is left to it: where the estimate is too high by half, as on code, the text would lose what the
     *        model can read.
     * @throws RerankException {@code INVALID_REQUEST} if the query leaves no room
     */
    static FittedTexts of(String name, ScoreRequest request, RerankLimits limits, boolean servicesCut) {
        int query = SPECIAL + COUNTER.count(request.query());
        long window = servicesCut ? limits.pairTokens() * 3L / 2 : limits.pairTokens();
        int most = (int) Math.min(request.maxTokens(), window);
        int room = most - query;
        if (room < 1) {
            throw new RerankException(Kind.INVALID_REQUEST, "query has about " + query + " tokens, where " + name
                    + " is to read at most " + most + " of query and text together: shorten it");
        }
        List<String> texts = new ArrayList<>(request.texts().size());
        int[] tokens = new int[request.texts().size()];
        BitSet cut = new BitSet();
        for (int i = 0; i < tokens.length; i++) {
            String text = request.texts().get(i);
            int count = COUNTER.count(text);
            if (count > room) {
                cut.set(i);
                text = cut(text, room, request.cut());
                count = COUNTER.count(text);
            }
            texts.add(text.isBlank() ? BLANK : text);
            tokens[i] = Math.min(query + count, limits.pairTokens());
        }
        return new FittedTexts(texts, tokens, cut);
    }

    /** The most of a text that has so many tokens. */
    private static String cut(String text, int tokens, Side side) {
        int fits = 0;
        int tooLong = text.length();
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (COUNTER.count(left(text, middle, side)) <= tokens) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return left(text, fits, side);
    }

    private static String left(String text, int length, Side side) {
        return switch (side) {
            case END -> text.substring(0, length);
            case START -> text.substring(text.length() - length);
        };
    }

    /** How they go out: as few calls as the limits allow, a fifth below that of tokens as these are estimates. */
    List<Part> parts(RerankLimits limits) {
        long most = limits.callTokens() * 4L / 5;
        List<Part> parts = new ArrayList<>();
        int from = 0;
        long sum = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (i > from && (i - from == limits.texts() || sum + tokens[i] > most)) {
                parts.add(new Part(from, i));
                from = i;
                sum = 0;
            }
            sum += tokens[i];
        }
        if (from < tokens.length) {
            parts.add(new Part(from, tokens.length));
        }
        return parts;
    }
}
