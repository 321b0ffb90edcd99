package dev.rerank4j.cli;

import dev.rerank4j.Hit;
import java.util.List;
import java.util.function.Function;

/** How a hit's rank compares with the one that the first stage alone would have given it. */
@FunctionalInterface
interface Movement {

    /** There was one stage only. */
    Movement NONE = (hit, rank) -> "";

    /** {@code ▲3}, {@code ▼1}, {@code =}, or {@code new} for what the first stage alone would not have shown. */
    String of(Hit hit, int rank);

    /**
     * @param first what the first stage found, best first
     * @param key tells what of it a hit is
     * @param limit how many are shown
     */
    static Movement against(List<String> first, Function<Hit, String> key, int limit) {
        return (hit, rank) -> {
            int before = first.indexOf(key.apply(hit)) + 1;
            if (before == 0 || before > limit) {
                return "new";
            }
            return before == rank ? "=" : before > rank ? "▲" + (before - rank) : "▼" + (rank - before);
        };
    }
}
