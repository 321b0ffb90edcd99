package dev.rerank4j.eval;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/** One query's documents, best first, each once, and their scores. */
final class RankedDocuments {

    private final List<String> documents;
    private final float[] scores;

    private RankedDocuments(List<String> documents, float[] scores) {
        this.documents = documents;
        this.scores = scores;
    }

    /**
     * @param scores in the order of the documents; kept
     * @throws IllegalArgumentException if a document is there twice
     */
    static RankedDocuments of(String query, List<String> documents, float[] scores) {
        List<String> copy = List.copyOf(documents);
        if (new HashSet<>(copy).size() < copy.size()) {
            throw new IllegalArgumentException("documents of query " + query + " must be there once each");
        }
        return new RankedDocuments(copy, scores);
    }

    /** With scores that say no more than the order. */
    static RankedDocuments inOrder(String query, List<String> documents) {
        float[] scores = new float[documents.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scores.length - i;
        }
        return of(query, documents, scores);
    }

    List<String> documents() {
        return documents;
    }

    float score(int place) {
        return scores[place];
    }

    /** Lines of a run file, in any order. */
    static final class Builder {

        private int[] documents = new int[16];
        private float[] scores = new float[16];
        private int size;

        void add(int document, float score) {
            if (size == documents.length) {
                documents = Arrays.copyOf(documents, size * 2);
                scores = Arrays.copyOf(scores, size * 2);
            }
            documents[size] = document;
            scores[size++] = score + 0f; // of -0 and 0, which are equal, makes 0
        }

        int size() {
            return size;
        }

        void clear() {
            documents = new int[0];
            scores = new float[0];
            size = 0;
        }

        /**
         * @param stamps a place for each document, none holding {@code stamp}
         * @param stamp left at each document of this ranking
         */
        RankedDocuments build(Ids ids, int[] stamps, int stamp) {
            int[] order = order(ids);
            String[] sorted = new String[size];
            float[] ordered = new float[size];
            int count = 0;
            for (int line : order) {
                int document = documents[line];
                if (stamps[document] != stamp) {
                    stamps[document] = stamp;
                    sorted[count] = ids.name(document);
                    ordered[count++] = scores[line];
                }
            }
            return new RankedDocuments(
                    Collections.unmodifiableList(Arrays.asList(count == size ? sorted : Arrays.copyOf(sorted, count))),
                    count == size ? ordered : Arrays.copyOf(ordered, count));
        }

        /** Lines by score descending, equal ones by id descending. */
        private int[] order(Ids ids) {
            long[] keys = new long[size];
            for (int line = 0; line < size; line++) {
                keys[line] = (long) descending(scores[line]) << 32 | line;
            }
            Arrays.sort(keys);
            int[] order = new int[size];
            for (int i = 0; i < size; i++) {
                order[i] = (int) keys[i];
            }
            for (int start = 0; start < size;) {
                int end = start + 1;
                while (end < size && keys[end] >> 32 == keys[start] >> 32) {
                    end++;
                }
                if (end - start > 1) {
                    sortById(order, start, end, ids);
                }
                start = end;
            }
            return order;
        }

        /** An int that is smaller for larger scores. */
        private static int descending(float score) {
            int bits = Float.floatToIntBits(score);
            return bits >= 0 ? ~bits : bits & Integer.MAX_VALUE;
        }

        private void sortById(int[] order, int start, int end, Ids ids) {
            Integer[] equal = new Integer[end - start];
            Arrays.setAll(equal, i -> order[start + i]);
            Arrays.sort(equal, (a, b) -> compareBytes(ids.name(documents[b]), ids.name(documents[a])));
            for (int i = 0; i < equal.length; i++) {
                order[start + i] = equal[i];
            }
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
