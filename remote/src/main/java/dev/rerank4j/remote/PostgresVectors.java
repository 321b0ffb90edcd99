package dev.rerank4j.remote;

import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.ArrayList;
import java.util.List;

/** An encoder whose word is checked: what it gives has the right shape, is finite and of length 1. */
final class PostgresVectors {

    /** How many texts the encoder is given at once: enough to fill its batches, few enough to hold in memory. */
    private static final int BATCH = 64;

    /** How far a vector's length may be off 1: far more than rounding makes it. */
    private static final double LENGTH_TOLERANCE = 0.01;

    private final Encoder encoder;

    PostgresVectors(Encoder encoder) {
        this.encoder = encoder;
    }

    String query(String text) {
        return PgVector.text(checked(encoder.query(text)));
    }

    /** The vectors as texts of pgvector's type. */
    List<String> passages(List<String> texts) {
        List<String> vectors = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<String> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
            float[][] encoded = encoder.passages(batch);
            if (encoded.length != batch.size()) {
                throw wrong(encoded.length + " vectors for " + batch.size() + " texts");
            }
            for (float[] vector : encoded) {
                vectors.add(PgVector.text(checked(vector)));
            }
        }
        return vectors;
    }

    private float[] checked(float[] vector) {
        if (vector.length != encoder.dimension()) {
            throw wrong("a vector of " + vector.length + " numbers instead of " + encoder.dimension());
        }
        double square = 0;
        for (float x : vector) {
            square += (double) x * x;
        }
        if (!(Math.abs(Math.sqrt(square) - 1) <= LENGTH_TOLERANCE)) { // not of NaN either
            throw wrong("a vector of length " + Math.sqrt(square) + " instead of 1");
        }
        return vector;
    }

    private RerankException wrong(String what) {
        return new RerankException(Kind.MODEL,
                "encoder " + encoder.name() + " gave " + what + ": check the model's files");
    }
}
