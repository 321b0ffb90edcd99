package dev.rerank4j.eval;

import dev.rerank4j.Passage;
import dev.rerank4j.eval.Judgment.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds what a person's judgments name. Judgments are by document: whoever judged a passage judged its document.
 */
public final class JudgmentResolver {

    /** A quotation that stands in more documents than this says nothing about any of them. */
    static final int MOST_QUOTED = 5;

    /** What is known of the documents. */
    public interface Lookup {

        /**
         * {@return the id of the document that has this id, or has a passage of this id; empty if there is none}
         *
         * @param id as a person wrote it
         */
        Optional<String> byId(String id);

        /**
         * {@return ids of the documents that were read from a file of this name: the whole path, or its last parts,
         * such as {@code leave.md} and {@code docs/leave.md}} Empty if there is none.
         *
         * @param file as a person wrote it
         */
        List<String> byFile(String file);

        /**
         * {@return all passages of those documents in which the quotation may stand, such as those that a search for it
         * finds; it is looked for in them} In any order.
         *
         * @param quotation as a person wrote it
         */
        List<Passage> likely(String quotation);

        /**
         * {@return a known id or file name that somebody may have meant by this one; empty if none is near}
         *
         * @param name an id or file name that is not known
         */
        default Optional<String> nearest(String name) {
            return Optional.empty();
        }
    }

    /**
     * Queries and judgments, as an evaluation takes them.
     *
     * @param queries numbered from {@code q1} in the order of the judgments
     * @param qrels by document; queries none of whose judgments could be resolved are not there
     * @param unresolved what counts for nothing, a sentence each, naming file and line
     * @param ambiguous quotations that stand in several documents, each of which was judged by them, a sentence each
     * @param contradictions what gives a document, or the same part of it, another grade for the same query than an
     *        earlier judgment did, a sentence each, naming both lines
     */
    public record Resolved(Queries queries, Qrels qrels, List<String> unresolved, List<String> ambiguous,
            List<String> contradictions) {

        /** Copies the lists. */
        public Resolved {
            Objects.requireNonNull(queries, "queries");
            Objects.requireNonNull(qrels, "qrels");
            unresolved = List.copyOf(unresolved);
            ambiguous = List.copyOf(ambiguous);
            contradictions = List.copyOf(contradictions);
        }
    }

    private final Lookup lookup;
    private final Map<String, String> ids = new LinkedHashMap<>(); // query text to id
    private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    private final List<String> unresolved = new ArrayList<>();
    private final List<String> ambiguous = new ArrayList<>();
    private final Map<List<String>, Judgment> graded = new HashMap<>(); // query and what was judged to the first of it
    private final List<String> contradictions = new ArrayList<>();

    private JudgmentResolver(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Resolves judgments. An id is looked for among documents, passages and files, and then, if it has several words,
     * as a quotation. A quotation stands in a document if its text has it, whatever the white space and capitals; it
     * may run over the end of a passage. If it stands in up to {@value #MOST_QUOTED} documents, all of them are judged;
     * in more, none. Of a document judged several times for one query the highest grade counts: its passages may differ.
     * Where they cannot, because the whole document or the same part of it was judged twice, the judgments contradict
     * each other.
     *
     * @param judgments in the order of their file, which gives the queries their ids
     * @param lookup what is known of the documents; asked on this thread
     * @return what could be resolved, and what could not
     */
    public static Resolved resolve(List<Judgment> judgments, Lookup lookup) {
        JudgmentResolver resolver = new JudgmentResolver(lookup);
        judgments.forEach(resolver::add);
        Map<String, String> texts = new LinkedHashMap<>();
        resolver.ids.forEach((text, id) -> texts.put(id, text));
        return new Resolved(Queries.of(texts), Qrels.of(resolver.grades), resolver.unresolved, resolver.ambiguous,
                resolver.contradictions);
    }

    private void add(Judgment judgment) {
        String query = ids.computeIfAbsent(judgment.query().strip(), text -> "q" + (ids.size() + 1));
        List<String> documents = documents(judgment);
        for (String document : documents) {
            grades.computeIfAbsent(query, id -> new LinkedHashMap<>()).merge(document, judgment.grade(), Math::max);
        }
        if (!documents.isEmpty()) {
            compare(query, judgment, documents.getFirst());
        }
    }

    private void compare(String query, Judgment judgment, String document) {
        String target = judgment.target().strip();
        // Whoever names a passage or quotes a stretch judges that part; every other name is the document's.
        boolean whole = judgment.kind() == Kind.FILE || judgment.kind() == Kind.ID
                && (document.endsWith(target) || lookup.byId(target).isEmpty() && lookup.byFile(target).size() == 1);
        Judgment before = graded.putIfAbsent(whole
                ? List.of(query, document)
                : List.of(query, judgment.kind().name(), target), judgment);
        if (before != null && before.grade() != judgment.grade()) {
            contradictions.add(judgment.place() + ": grade " + judgment.grade() + " contradicts line " + before.line()
                    + ", which gives " + document + " grade " + before.grade() + " for the same query");
        }
    }

    private List<String> documents(Judgment judgment) {
        String target = judgment.target().strip();
        if (judgment.kind() == Kind.QUOTE) {
            return quoted(judgment, target);
        }
        Optional<String> byId = lookup.byId(target);
        List<String> byFile = byId.isPresent() ? List.of() : lookup.byFile(target);
        if (byId.isPresent()) {
            return List.of(byId.get());
        } else if (byFile.size() == 1) {
            return byFile;
        } else if (byFile.size() > 1) {
            unresolved.add(judgment.place() + ": " + target + " names " + byFile.size()
                    + " documents; name one by its id");
            return List.of();
        } else if (judgment.kind() == Kind.ID && target.chars().anyMatch(Character::isWhitespace)) {
            return quoted(judgment, target);
        }
        unresolved.add(judgment.place() + ": there is no document, passage or file " + target
                + lookup.nearest(target).map(near -> "; did you mean " + near + "?").orElse(""));
        return List.of();
    }

    private List<String> quoted(Judgment judgment, String quotation) {
        String wanted = normalized(quotation);
        Map<String, List<Passage>> documents = new TreeMap<>();
        for (Passage passage : lookup.likely(quotation)) {
            documents.computeIfAbsent(passage.documentId(), id -> new ArrayList<>()).add(passage);
        }
        List<String> found = documents.entrySet().stream()
                .filter(document -> normalized(text(document.getValue())).contains(wanted)).map(Map.Entry::getKey)
                .toList();
        // The quotation itself is a document's text, which no message repeats.
        if (found.isEmpty()) {
            unresolved.add(judgment.place() + ": no document has the quoted text of " + quotation.length()
                    + " characters; copy a shorter stretch of it");
        } else if (found.size() > MOST_QUOTED) {
            unresolved.add(judgment.place() + ": the quoted text stands in at least " + found.size()
                    + " documents; quote more of it, or name the document");
            return List.of();
        } else if (found.size() > 1) {
            ambiguous.add(judgment.place() + ": the quoted text stands in " + found.size() + " documents ("
                    + String.join(", ", found) + "); all of them count as judged");
        }
        return found;
    }

    /** A document's text, put together from passages that may overlap, with its title in front. */
    private static String text(List<Passage> passages) {
        List<Passage> ordered = passages.stream()
                .sorted(Comparator.comparingInt((Passage passage) -> passage.location().start())
                        .thenComparing(Passage::id))
                .toList();
        StringBuilder text = new StringBuilder(ordered.getFirst().title()).append('\n');
        int end = 0;
        for (Passage passage : ordered) {
            int start = passage.location().start();
            boolean exact = passage.location().end() - start == passage.text().length();
            int known = exact ? Math.clamp((long) end - start, 0, passage.text().length()) : 0;
            boolean adjoins = exact && start <= end && end > 0;
            text.append(adjoins ? "" : "\n").append(passage.text(), known, passage.text().length());
            end = Math.max(end, passage.location().end());
        }
        return text.toString();
    }

    private static String normalized(String text) {
        return text.replaceAll("[\\s\\h\\u200B]+", " ").strip().toLowerCase(Locale.ROOT);
    }
}
