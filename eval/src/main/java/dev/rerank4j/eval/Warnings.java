package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.List;

/** Collects what a reader of a file should know: the first few sentences, then how many more there were. */
final class Warnings {

    private static final int SHOWN = 5;

    private static final int NAMED = 3;

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
        all.add("and " + more + " more such warnings");
        return List.copyOf(all);
    }

    /** Such as "2 (q1, q2)": how many, and which are the first of them. */
    static String some(List<String> ids) {
        return ids.size() + " (" + String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                + (ids.size() > NAMED ? ", …" : "") + ")";
    }
}
