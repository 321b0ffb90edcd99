package dev.rerank4j.lucene;

import dev.rerank4j.Encoder;
import java.util.List;
import java.util.Locale;

/**
 * Vectors of a text's words: each word is one of 32 directions by its hash, the sum is brought to length 1. Texts with
 * common words are near each other.
 */
final class WordEncoder implements Encoder {

    static final int DIMENSION = 32;

    private final String name;

    WordEncoder() {
        this("words-32");
    }

    WordEncoder(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public float[] query(String text) {
        float[] vector = new float[DIMENSION];
        vector[0] = 0.1f; // a text without words has a direction too
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            if (!word.isEmpty()) {
                vector[Math.floorMod(word.hashCode() * 0x9E3779B9 >>> 16, DIMENSION)] += 1;
            }
        }
        double square = 0;
        for (float x : vector) {
            square += x * x;
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    @Override
    public float[][] passages(List<String> texts) {
        return texts.stream().map(this::query).toArray(float[][]::new);
    }

    @Override
    public void close() {
    }
}
