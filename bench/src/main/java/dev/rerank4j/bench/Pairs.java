package dev.rerank4j.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Made-up pairs of given lengths, so that the benchmarks need no data: words of common English, in random order. */
record Pairs(String query, List<String> texts) {

    private static final String[] WORDS = ("time year people way day man thing woman life child world school state family "
            + "student group country problem hand part place case week company system program question work government "
            + "number night point home water room mother area money story fact month lot right study book eye job word "
            + "business issue side kind head house service friend father power hour game line end member law car city "
            + "community name president team minute idea kid body information back parent face others level office door "
            + "health person art war history party result change morning reason research girl guy moment air teacher "
            + "force education").split(" ");

    /** So many texts whose lengths in tokens are spread evenly from {@code min} to {@code max}, shuffled. */
    static Pairs spread(int count, int min, int max, long seed) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(words(min + (int) ((long) i * (max - min) / Math.max(1, count - 1)), random));
        }
        Collections.shuffle(texts, random);
        return new Pairs(words(8, random), texts);
    }

    /** So many texts of one length in tokens. */
    static Pairs equal(int count, int tokens, long seed) {
        return spread(count, tokens, tokens, seed);
    }

    private static String words(int count, Random random) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }
}
