package dev.rerank4j.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Packs sequences into batches. Pure. */
final class Batches {

    private Batches() {
    }

    /**
     * Batches of sequences of like length, longest first: so that little is padding, and what takes longest starts first.
     *
     * @param lengths of the sequences
     * @param budget how many tokens a batch may have, padding included; a longer sequence is a batch of its own
     * @param maxRows how many sequences a batch may have
     * @return batches of indexes into {@code lengths}; each index once
     */
    static List<int[]> plan(int[] lengths, int budget, int maxRows) {
        Integer[] order = new Integer[lengths.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> -lengths[i])); // stable: equal lengths keep their order
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        while (from < order.length) {
            int rows = Math.clamp(budget / Math.max(1, lengths[order[from]]), 1, maxRows);
            int to = Math.min(order.length, from + rows);
            int[] batch = new int[to - from];
            for (int i = from; i < to; i++) {
                batch[i - from] = order[i];
            }
            batches.add(batch);
            from = to;
        }
        return batches;
    }
}
