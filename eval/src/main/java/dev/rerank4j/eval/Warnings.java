package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.List;

/** Collects what a reader of a file should know: the first few of each kind, then how many more there were. */
final class Warnings {

    private static final int SHOWN = 5;

    private final List<String> shown = new ArrayList<>();
    private int more;

    void add(String warning) {
        if (shown.size() < SHOWN) {
            shown.add(warning);
        } else {
            more++;
        }
    }

    List<String> all() {
        if (more == 0) {
            return List.copyOf(shown);
        }
        List<String> all = new ArrayList<>(shown);
        all.add("and " + more + " more such lines");
        return List.copyOf(all);
    }
}
