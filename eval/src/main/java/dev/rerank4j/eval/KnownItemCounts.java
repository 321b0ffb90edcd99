package dev.rerank4j.eval;

/**
 * In how many passages of a collection each word occurs, in 16 MB whatever the collection's size: a count-min sketch of
 * two rows, which never says too little and, with fewer than about a million words, hardly ever too much. Cormode and
 * Muthukrishnan, "An improved data stream summary", Journal of Algorithms 55(1), 2005.
 */
final class KnownItemCounts {

    private static final int SIZE = 1 << 21;

    private final int[] first = new int[SIZE];
    private final int[] second = new int[SIZE];
    private long passages;

    /** Counts a passage. */
    void add(long[] distinctWords) {
        passages++;
        for (long word : distinctWords) {
            first[low(word)]++;
            second[high(word)]++;
        }
    }

    /** How many passages were counted. */
    long passages() {
        return passages;
    }

    /** In how many of them the word occurs. */
    int of(long word) {
        return Math.min(first[low(word)], second[high(word)]);
    }

    /** How much a word says: BM25's inverse document frequency, above 0. */
    double rarity(long word) {
        int count = of(word);
        return Math.log(1 + (passages - count + 0.5) / (count + 0.5));
    }

    private static int low(long word) {
        return (int) word & (SIZE - 1);
    }

    private static int high(long word) {
        return (int) (word >>> 40) & (SIZE - 1);
    }
}
