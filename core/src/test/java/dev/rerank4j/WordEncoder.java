package dev.rerank4j;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An encoder without a model, for tests: a vector counts words by hash, so that texts with common words are near. Keeps
 * the whole contract, so that tests of other parts need no model.
 */
public final class WordEncoder implements Encoder {

    /** What stands before every query. */
    public static final String INSTRUCTION = "find: ";

    private static final int WINDOW = 512;

    private final int dimension;
    private volatile boolean closed;

    public WordEncoder(int dimension) {
        this.dimension = dimension;
    }

    @Override
    public String name() {
        return "words-" + dimension;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public float[] query(String text) {
        return passages(List.of(INSTRUCTION + text))[0];
    }

    @Override
    public float[][] passages(List<String> texts) {
        if (closed) {
            throw new IllegalStateException("encoder is closed");
        }
        return texts.stream().map(this::vector).toArray(float[][]::new);
    }

    @Override
    public void close() {
        closed = true;
    }

    private float[] vector(String text) {
        float[] vector = new float[dimension];
        vector[0] = 1; // as a model's start token: even an empty text has a direction
        Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s\\p{Punct}]+"))
                .filter(word -> !word.isEmpty())
                .limit(WINDOW)
                .forEach(word -> vector[Math.floorMod(word.hashCode(), dimension)]++);
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        for (int i = 0; i < dimension; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }
}
