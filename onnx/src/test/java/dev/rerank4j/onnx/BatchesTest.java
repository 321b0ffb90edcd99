package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchesTest {

    @Test
    void everySequenceOnceLongestFirstWithinTheBudget() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int[] lengths = random.ints(random.nextInt(200), 0, 600).toArray();
            int budget = 1 + random.nextInt(4000);
            int maxRows = 1 + random.nextInt(20);
            List<int[]> batches = Batches.plan(lengths, budget, maxRows);
            BitSet seen = new BitSet();
            int last = Integer.MAX_VALUE;
            for (int[] batch : batches) {
                int width = lengths[batch[0]];
                assertTrue(batch.length == 1 || batch.length * width <= budget, "budget, seed " + seed);
                assertTrue(batch.length <= maxRows, "rows, seed " + seed);
                for (int i : batch) {
                    assertTrue(lengths[i] <= last, "longest first, seed " + seed);
                    last = lengths[i];
                    assertTrue(!seen.get(i), "once, seed " + seed);
                    seen.set(i);
                }
            }
            assertEquals(lengths.length, seen.cardinality(), "all, seed " + seed);
        }
    }

    @Test
    void mixedLengthsSortedWastePerBatchLittle() {
        int[] lengths = new Random(7).ints(100, 20, 300).toArray();
        long real = Arrays.stream(lengths).sum();
        long padded = Batches.plan(lengths, 1024, Integer.MAX_VALUE).stream()
                .mapToLong(batch -> (long) batch.length * lengths[batch[0]]).sum();
        assertTrue(padded < 1.1 * real, padded + " padded tokens for " + real);
    }
}
