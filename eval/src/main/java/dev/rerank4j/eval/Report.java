package dev.rerank4j.eval;

import java.util.List;
import java.util.Optional;

/**
 * What an evaluation found.
 *
 * @param data what was measured on, such as a folder's name
 * @param queries how many queries count
 * @param synthetic whether the queries were made from the documents rather than asked by people
 * @param notes what a reader must know, a sentence each: queries without relevant documents, unknown documents in the
 *        judgments, stages that were skipped
 * @param systems in the order asked for
 * @param comparisons of each system with its first stage, and with the best
 * @param difference the two systems shown query by query; empty if there is only one
 */
public record Report(String data, int queries, boolean synthetic, List<String> notes, List<SystemResult> systems,
        List<Comparison> comparisons, Optional<Difference> difference) {

    /** Copies the lists. */
    public Report {
        notes = List.copyOf(notes);
        systems = List.copyOf(systems);
        comparisons = List.copyOf(comparisons);
    }
}
