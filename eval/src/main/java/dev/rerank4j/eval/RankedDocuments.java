package dev.rerank4j.eval;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One query's documents, best first, and their scores. */
final class RankedDocuments {

    private final List<String> documents;
    private final float[] scores;

    RankedDocuments(List<String> documents, float[] scores) {
        this.documents = documents;
        this.scores = scores;
    }

    /** With scores that say no more than the order. */
    static RankedDocuments inOrder(List<String> documents) {
        float[] scores = new float[documents.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scores.length - i;
        }
        return new RankedDocuments(List.copyOf(documents), scores);
    }

    List<String> documents() {
        return documents;
    }

    float score(int place) {
        return scores[place];
    }

    /** Lines of a run file, in any order. */
    static final class Builder {

        private String[] documents = new String[16];
        private float[] scores = new float[16];
        private int size;

        void add(String document, float score) {
            if (size == documents.length) {
                documents = Arrays.copyOf(documents, size * 2);
                scores = Arrays.copyOf(scores, size * 2);
            }
            documents[size] = document;
            scores[size++] = score;
        }

        int size() {
            return size;
        }

        RankedDocuments build() {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.<Integer>comparingDouble(i -> -scores[i])
                    .thenComparing(i -> documents[i], (a, b) -> compareBytes(b, a)));
            String[] sorted = new String[size];
            float[] ordered = new float[size];
            Set<String> seen = new HashSet<>(size * 2);
            int count = 0;
            for (Integer i : order) {
                if (seen.add(documents[i])) {
                    sorted[count] = documents[i];
                    ordered[count++] = scores[i];
                }
            }
            return new RankedDocuments(Collections.unmodifiableList(Arrays.asList(Arrays.copyOf(sorted, count))),
                    Arrays.copyOf(ordered, count));
        }
    }

    /** As C's strcmp compares UTF-8: by code point, where Java compares UTF-16 units. */
    static int compareBytes(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Character.isSurrogate(x) == Character.isSurrogate(y) ? x - y : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}
