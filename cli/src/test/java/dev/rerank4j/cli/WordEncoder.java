package dev.rerank4j.cli;

import dev.rerank4j.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Vectors from the hashes of words, made at once; remembers what it was given, and fails when it is told to. */
final class WordEncoder implements Encoder {

    private static final int DIMENSION = 8;

    final List<String> seen = new ArrayList<>();
    private final AtomicInteger callsLeft = new AtomicInteger(Integer.MAX_VALUE);

    void failAfter(int calls) {
        callsLeft.set(calls);
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public float[] query(String text) {
        float[] vector = new float[DIMENSION];
        vector[0] = 1e-3f;
        for (String word : text.split("\\W+")) {
            vector[Math.floorMod(word.hashCode(), DIMENSION)] += 1;
        }
        double length = 0;
        for (float v : vector) {
            length += v * v;
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(length);
        }
        return vector;
    }

    @Override
    public float[][] passages(List<String> texts) {
        if (callsLeft.getAndDecrement() <= 0) {
            throw new IllegalStateException("told to fail");
        }
        seen.addAll(texts);
        return texts.stream().map(this::query).toArray(float[][]::new);
    }

    /** The starts of words. */
    static int[] starts(String text) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i)) && (i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
                starts.add(i);
            }
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void close() {
        // nothing to free
    }
}
