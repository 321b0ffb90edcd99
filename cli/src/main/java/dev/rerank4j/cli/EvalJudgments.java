package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.eval.Clicks;
import dev.rerank4j.eval.Judgment;
import dev.rerank4j.eval.JudgmentResolver;
import dev.rerank4j.eval.JudgmentResolver.Resolved;
import dev.rerank4j.eval.Judgments;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A person's own documents and judgments.
 *
 * @param judgments in the order of the file
 * @param most how many queries are taken
 * @param remarks what a reader must know of where they are from
 */
record EvalJudgments(List<Path> roots, List<Judgment> judgments, int most, List<String> remarks)
        implements
            EvalSource {

    /** How many notes of a kind are worth reading. */
    private static final int NOTES = 5;

    static EvalJudgments of(List<Path> roots, Path csv, int most) {
        List<Judgment> judgments = Judgments.read(csv);
        if (judgments.isEmpty()) {
            throw new UsageException("--judgments " + csv + " has no judgments: a line each, with query and document");
        }
        return new EvalJudgments(roots, judgments, most, List.of());
    }

    /** Judgments made of what people clicked on. */
    static EvalJudgments ofClicks(List<Path> roots, Path csv, int most) {
        Clicks clicks = Clicks.read(csv);
        if (clicks.judgments().isEmpty()) {
            throw new UsageException(
                    "--clicks " + csv + " has no clicks: a line for each search, with query, shown and "
                            + "clicked");
        }
        return new EvalJudgments(roots, clicks.judgments(), most, clicks.unclicked() == 0
                ? List.of()
                : List.of("of " + clicks.queries() + " queries " + clicks.unclicked()
                        + " had no click, which says nothing of them"));
    }

    @Override
    public String name() {
        return EvalSource.names(roots);
    }

    @Override
    public EvalData read(LuceneIndex index, BooleanSupplier stop) {
        Resolved resolved = JudgmentResolver.resolve(judgments, new IndexLookup(index, roots));
        if (resolved.qrels().queries().isEmpty()) {
            throw new UsageException("none of the " + judgments.size() + " judgments could be resolved: "
                    + resolved.unresolved().getFirst());
        }
        List<String> notes = new ArrayList<>(remarks);
        few(resolved.unresolved(), notes);
        few(resolved.ambiguous(), notes);
        few(contradictions(), notes);
        return EvalData.of(name(), resolved.queries().texts(), resolved.qrels(), most, "", false, notes);
    }

    /** The same query and document with other grades, of which the highest counts. */
    private List<String> contradictions() {
        Map<List<String>, Judgment> first = new HashMap<>();
        List<String> found = new ArrayList<>();
        for (Judgment judgment : judgments) {
            Judgment before = first.putIfAbsent(List.of(judgment.query().strip(), judgment.target().strip()), judgment);
            if (before != null && before.grade() != judgment.grade()) {
                found.add(judgment.file() + ":" + judgment.line() + ": grade " + judgment.grade()
                        + " contradicts line " + before.line() + ", which gives the same document grade "
                        + before.grade() + " for the same query; the higher one counts");
            }
        }
        return found;
    }

    private static void few(List<String> all, List<String> notes) {
        notes.addAll(all.subList(0, Math.min(NOTES, all.size())));
        if (all.size() > NOTES) {
            notes.add("and " + (all.size() - NOTES) + " more judgments like these");
        }
    }

    /** What an index knows. */
    private record IndexLookup(LuceneIndex index, List<Path> roots) implements JudgmentResolver.Lookup {

        private static final int CANDIDATES = 50;

        /** Enough of a quotation to find it by, and few enough words for any index. */
        private static final int QUOTED = 2_000;

        /** In larger collections looking for what somebody meant takes longer than it is worth. */
        private static final int FILES = 10_000;

        @Override
        public Optional<String> byId(String id) {
            List<String> names = new ArrayList<>(List.of(id));
            roots.forEach(root -> names.add(root.toString().replace('\\', '/') + "/" + id));
            for (String name : names) {
                if (!index.passages(name).isEmpty()) {
                    return Optional.of(name);
                }
                int hash = name.lastIndexOf('#');
                String document = hash < 1 ? "" : name.substring(0, hash);
                if (hash > 0 && index.passages(document).stream().anyMatch(passage -> passage.id().equals(name))) {
                    return Optional.of(document);
                }
            }
            return Optional.empty();
        }

        @Override
        public List<String> byFile(String file) {
            String wanted = file.replace('\\', '/');
            return index.marks().keySet().stream().filter(name -> name.equals(wanted) || name.endsWith("/" + wanted))
                    .flatMap(name -> index.documents(name).keySet().stream()).toList();
        }

        @Override
        public List<Passage> likely(String quotation) {
            Query query = Query.of(quotation.substring(0, Math.min(QUOTED, quotation.length())));
            try {
                return index.bm25().retrieve(query, CANDIDATES, Deadline.none()).byDocument().hits().stream()
                        .flatMap(hit -> index.passages(hit.passage().documentId()).stream()).toList();
            } catch (RerankException e) {
                return List.of();
            }
        }

        @Override
        public Optional<String> nearest(String name) {
            List<String> files = List.copyOf(index.marks().keySet());
            if (files.size() > FILES) {
                return Optional.empty();
            }
            String last = name.substring(name.lastIndexOf('/') + 1);
            return Nearest.to(last, files.stream().map(file -> file.substring(file.lastIndexOf('/') + 1)).toList());
        }
    }
}
