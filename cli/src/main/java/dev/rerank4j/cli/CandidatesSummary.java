package dev.rerank4j.cli;

import dev.rerank4j.lucene.LuceneIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code rerank candidates} has written, counted. */
final class CandidatesSummary {

    /** How many names are worth reading. */
    private static final int NAMES = 5;

    private final EvalData data;
    private final LuceneIndex index;
    private int queries;
    private int teaching;
    private int relevantQueries;
    private long candidates;
    private long judged;
    private long missed;
    private final List<String> unknown = new ArrayList<>();

    CandidatesSummary(EvalData data, LuceneIndex index) {
        this.data = data;
        this.index = index;
    }

    void add(String id, TrainingQuery query) {
        queries++;
        teaching += query.teaches() ? 1 : 0;
        relevantQueries += query.candidates().stream().anyMatch(TrainingQuery.Candidate::relevant) ? 1 : 0;
        candidates += query.candidates().size();
        Map<String, Integer> grades = data.qrels().grades(id);
        Set<String> found = query.candidates().stream().filter(TrainingQuery.Candidate::found)
                .map(TrainingQuery.Candidate::document).collect(Collectors.toSet());
        grades.keySet().forEach(document -> {
            boolean known = found.contains(document) || data.knows(document, index);
            judged += known ? 1 : 0;
            missed += known && !found.contains(document) ? 1 : 0;
            if (!known) {
                unknown.add(document);
            }
        });
    }

    /**
     * @throws UsageException if nothing can be learnt from it
     */
    void requireTeaching() {
        if (relevantQueries == 0) {
            throw new UsageException(
                    "nothing can be learnt from these judgments: none has a grade above 0 for a document "
                            + "that is there, so nothing is relevant");
        }
        if (teaching == 0) {
            throw new UsageException("nothing can be learnt from these judgments: every candidate of every query is "
                    + "judged relevant, so there is nothing to tell apart; look deeper with --depth, or add documents");
        }
    }

    /** What was written, in a sentence. */
    String sentence() {
        return Units.count(queries) + " judged queries, " + Units.count(candidates) + " candidates; of "
                + Units.count(judged) + " judged documents the first stage missed " + Units.count(missed)
                + (missed == 0 ? "" : ", whose passages stand at the end");
    }

    /** What a reader must know of it. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!unknown.isEmpty()) {
            warnings.add("judged documents that are not there, which count for nothing: " + Units.count(unknown.size())
                    + " (" + unknown.stream().limit(NAMES).collect(Collectors.joining(", "))
                    + (unknown.size() > NAMES ? ", ..." : "") + ")");
        }
        if (teaching < queries) {
            warnings.add(
                    Units.count(queries - teaching) + " of " + Units.count(queries) + " queries teach nothing: they "
                            + "have no relevant document, or no candidate that is not relevant");
        }
        return warnings;
    }
}
