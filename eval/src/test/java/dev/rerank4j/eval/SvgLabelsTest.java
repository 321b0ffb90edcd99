package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SvgLabelsTest {

    @Test
    void spreadKeepsOrderAndGapAndBounds() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(20);
            double[] wanted = random.doubles(count, 0, 400).toArray();
            double[] spread = SvgLabels.spread(wanted, 16, 0, 400);
            Integer[] order = new Integer[count];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Double.compare(wanted[a], wanted[b]));
            for (int i = 0; i < count; i++) {
                double at = spread[order[i]];
                assertTrue(at >= -1e-9 && at <= 400 + 1e-9, "seed " + seed);
                assertTrue(i == 0 || at - spread[order[i - 1]] >= 16 - 1e-9, "seed " + seed);
            }
        }
    }

    @Test
    void spreadLeavesAloneWhatHasRoomAndMovesTheRestEvenly() {
        assertArrayEquals(new double[]{300, 20, 100}, SvgLabels.spread(new double[]{300, 20, 100}, 16, 0, 400), 1e-9);
        assertArrayEquals(new double[]{92, 108}, SvgLabels.spread(new double[]{100, 100}, 16, 0, 400), 1e-9);
        assertArrayEquals(new double[]{0, 16}, SvgLabels.spread(new double[]{1, 2}, 16, 0, 400), 1e-9);
        assertEquals(0, SvgLabels.spread(new double[0], 16, 0, 400).length);
    }

    @Test
    void noLabelCoversAnotherOrLeavesTheRoom() {
        SvgLabels.Box room = new SvgLabels.Box(0, 0, 500, 300);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SvgLabels labels = new SvgLabels(room);
            java.util.List<SvgLabels.Box> boxes = new java.util.ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String text = "x".repeat(1 + random.nextInt(15));
                double width = SvgText.width(text);
                labels.beside(random.nextDouble() * 500, random.nextDouble() * 300, text, random.nextBoolean())
                        .ifPresent(place -> {
                            double left = switch (place.anchor()) {
                                case START -> place.x();
                                case MIDDLE -> place.x() - width / 2;
                                case END -> place.x() - width;
                            };
                            boxes.add(new SvgLabels.Box(left, place.y() - SvgText.SIZE, left + width, place.y() + 4));
                        });
            }
            assertTrue(boxes.size() > 3, "seed " + seed);
            for (int i = 0; i < boxes.size(); i++) {
                assertTrue(boxes.get(i).within(room), "seed " + seed);
                for (int j = i + 1; j < boxes.size(); j++) {
                    assertTrue(!boxes.get(i).meets(boxes.get(j)), "seed " + seed);
                }
            }
        }
    }

    @Test
    void aNameIsCutToTheRoomThereIs() {
        assertEquals("bm25", SvgText.fit("bm25", 100));
        String cut = SvgText.fit("a very long name of a system", 80);
        assertTrue(cut.endsWith("…") && SvgText.width(cut) <= 80, cut);
        assertTrue(SvgText.fit("😀".repeat(50), 60).codePoints().allMatch(point -> point == '…' || point > 0xFFFF));
    }
}
