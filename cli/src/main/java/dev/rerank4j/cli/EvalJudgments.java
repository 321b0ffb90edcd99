package dev.rerank4j.cli;

import dev.rerank4j.eval.Clicks;
import dev.rerank4j.eval.Judgment;
import dev.rerank4j.eval.JudgmentResolver;
import dev.rerank4j.eval.JudgmentResolver.Resolved;
import dev.rerank4j.eval.Judgments;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A person's own documents and judgments.
 *
 * @param judgments that somebody wrote, in the order of the file
 * @param clicked that were made of clicks; where somebody judged the same query and document, that counts
 * @param most how many queries are taken
 * @param remarks what a reader must know of where they are from
 */
record EvalJudgments(List<Path> roots, List<Judgment> judgments, List<Judgment> clicked, int most,
        List<String> remarks) implements EvalSource {

    /** How many notes of a kind are worth reading. */
    private static final int NOTES = 5;

    /**
     * @param csv judgments, if there are any
     * @param clicks a log of searches, if there is one
     * @throws UsageException if one of them has nothing to say
     */
    static EvalJudgments of(List<Path> roots, Optional<Path> csv, Optional<Path> clicks, int most) {
        List<Judgment> judgments = csv.map(Judgments::read).orElse(List.of());
        if (csv.isPresent() && judgments.isEmpty()) {
            throw new UsageException("--judgments " + csv.get()
                    + " has no judgments: a line each, with query and document");
        }
        Clicks made = clicks.map(Clicks::read).orElse(new Clicks(List.of(), 0, 0, 0));
        if (clicks.isPresent() && made.judgments().isEmpty()) {
            throw new UsageException("--clicks " + clicks.get()
                    + " has no clicks: a line for each search, with query, shown and clicked");
        }
        return new EvalJudgments(roots, judgments, made.judgments(), most, made.unclicked() == 0
                ? List.of()
                : List.of("of " + Units.count(made.queries()) + " queries of " + Units.count(made.searches())
                        + " searches " + Units.count(made.unclicked())
                        + " never had a click, which says nothing of them: they are left out"));
    }

    @Override
    public String name() {
        return EvalSource.names(roots);
    }

    @Override
    public EvalData read(LuceneIndex index, BooleanSupplier stop) {
        IndexLookup lookup = new IndexLookup(index, roots);
        List<Resolved> resolved = Stream.of(judgments, clicked).map(all -> JudgmentResolver.resolve(all, lookup))
                .toList();
        List<String> unresolved = resolved.stream().flatMap(each -> each.unresolved().stream()).toList();
        Map<String, Map<String, Integer>> grades = grades(resolved);
        if (grades.isEmpty()) {
            throw new UsageException("none of the " + (judgments.size() + clicked.size())
                    + " judgments could be resolved: " + unresolved.getFirst());
        }
        // Of clicks a document may be shown by two names, and people click as they like: that is no mistake.
        List<String> contradictions = resolved.getFirst().contradictions();
        List<String> notes = new ArrayList<>(remarks);
        few(unresolved, notes);
        few(resolved.stream().flatMap(each -> each.ambiguous().stream()).toList(), notes);
        few(contradictions.stream().map(each -> each + "; the higher one counts").toList(), notes);
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> qrels = new LinkedHashMap<>();
        grades.forEach((text, documents) -> {
            String id = "q" + (texts.size() + 1);
            texts.put(id, text);
            qrels.put(id, documents);
        });
        return EvalData.of(name(), texts, Qrels.of(qrels), most, "", false, notes).contradicted(contradictions);
    }

    /** By the text of the query, and then the document; the first that says something of both counts. */
    private static Map<String, Map<String, Integer>> grades(List<Resolved> all) {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        for (Resolved each : all) {
            for (String query : each.qrels().queries()) {
                Map<String, Integer> documents = grades.computeIfAbsent(
                        each.queries().texts().getOrDefault(query, ""), text -> new LinkedHashMap<>());
                each.qrels().grades(query).forEach(documents::putIfAbsent);
            }
        }
        return grades;
    }

    private static void few(List<String> all, List<String> notes) {
        notes.addAll(all.subList(0, Math.min(NOTES, all.size())));
        if (all.size() > NOTES) {
            notes.add("and " + (all.size() - NOTES) + " more judgments like these");
        }
    }
}
