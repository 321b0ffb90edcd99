package dev.rerank4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that somebody probably meant. */
final class Nearest {

    private Nearest() {
    }

    /**
     * The known name with the smallest edit distance, ignoring case; empty if all differ in more than half their
     * letters.
     */
    static Optional<String> to(String name, Collection<String> known) {
        return to(name, known, Integer.MAX_VALUE);
    }

    /** The same, empty also if all differ in more letters than that. */
    static Optional<String> to(String name, Collection<String> known, int most) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(other -> distance(wanted, other.toLowerCase(Locale.ROOT)) <= Math.min(most,
                        Math.max(wanted.length(), other.length()) / 2))
                .min(Comparator.<String>comparingInt(other -> distance(wanted, other.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** ", did you mean X? Known are A, B, C" — or what is left of it. */
    static String hint(String name, Collection<String> known) {
        String sorted = String.join(", ", known.stream().sorted().toList());
        return to(name, known).map(near -> "; did you mean " + near + "?").orElse(";")
                + (known.isEmpty() ? " there are none" : " known are " + sorted);
    }

    /** Levenshtein's: insertions, deletions and substitutions of one character. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
