package dev.rerank4j.eval;

import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The rankings that a system gave for the queries of a collection, with float32 scores. Immutable. */
public final class Run {

    private final String name;
    private final Map<String, RankedDocuments> rankings;
    private final List<String> warnings;

    Run(String name, Map<String, RankedDocuments> rankings, List<String> warnings) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a run must not be blank");
        }
        this.name = name;
        this.rankings = Collections.unmodifiableMap(rankings);
        this.warnings = warnings;
    }

    /**
     * {@return a run without scores of its own: those that it writes descend by rank}
     *
     * @param name not blank
     * @param rankings document ids by query id, best first, each once; possibly none
     * @throws IllegalArgumentException if the name is blank, or a query has a document twice
     */
    public static Run of(String name, Map<String, List<String>> rankings) {
        Map<String, RankedDocuments> ranked = new LinkedHashMap<>();
        rankings.forEach((query, documents) -> ranked.put(query, RankedDocuments.inOrder(query, documents)));
        return new Run(Objects.requireNonNull(name, "name"), ranked, List.of());
    }

    /**
     * Reads a TREC run file: query, unused, document, rank, score, tag, separated by blanks. As trec_eval does, the
     * score alone orders, as a float32; equal scores stand by document id, descending byte by byte; the rank column
     * does not matter, nor does the order of the lines. A document that a query has twice, at which trec_eval gives up,
     * counts once, with its highest score, and of several tags the first is the name; {@link #warnings()} says so.
     * UTF-8; a byte order mark, carriage returns and blank lines do not matter; a name that ends in {@code .gz} is
     * unpacked. Keeps eight bytes for a line besides the distinct ids.
     *
     * @param file in TREC's format
     * @return possibly without any query: an empty file is a run of a system that found nothing
     * @throws dev.rerank4j.RerankException {@code INVALID_REQUEST}, naming file and line, if a line has not six columns
     *         or a score that is no number or none that a float32 can hold, or the file is not UTF-8;
     *         {@code UNAVAILABLE} if the file cannot be read
     */
    public static Run read(Path file) {
        return new RunReader(file).read();
    }

    /** {@return the system's name: the tag of its run file} */
    public String name() {
        return name;
    }

    /**
     * {@return the same rankings under another name}
     *
     * @param other not blank
     * @throws IllegalArgumentException if {@code other} is blank
     */
    public Run named(String other) {
        return new Run(other, rankings, warnings);
    }

    /** {@return ids of the queries that were answered, if only by an empty ranking} */
    public Set<String> queries() {
        return rankings.keySet();
    }

    /**
     * {@return document ids of a query, best first; empty if it was not answered}
     *
     * @param query a query's id
     */
    public List<String> documents(String query) {
        RankedDocuments ranked = rankings.get(query);
        return ranked == null ? List.of() : ranked.documents();
    }

    /** {@return what was odd in the file, a sentence each} */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Writes a TREC run file whose scores are strictly decreasing as float32, so that every tool reads our order: a
     * score that does not lie below the one before is replaced by the next float32 below that. The format cannot say
     * that a query was answered by nothing: such a query is left out. UTF-8; blanks of the name become underscores.
     *
     * @param file overwritten if it exists; its folder must exist
     * @throws IllegalArgumentException if a query or document id is empty or has a blank, which the format cannot hold;
     *         the file may then be there in part
     * @throws RerankException {@code UNAVAILABLE} if it cannot be written
     */
    public void write(Path file) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            write(out);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the same to a writer, which is not closed.
     *
     * @param out stays open; UTF-8 if it encodes
     * @throws IllegalArgumentException if a query or document id is empty or has a blank
     * @throws IOException if it cannot be written
     */
    public void write(Appendable out) throws IOException {
        String tag = name.strip().replaceAll("\\s+", "_");
        for (Map.Entry<String, RankedDocuments> entry : rankings.entrySet()) {
            List<String> documents = entry.getValue().documents();
            float last = Float.POSITIVE_INFINITY;
            for (int i = 0; i < documents.size(); i++) {
                last = Math.min(entry.getValue().score(i), Math.nextDown(last));
                out.append(String.join(" ", word(entry.getKey()), "Q0", word(documents.get(i)),
                        Integer.toString(i + 1), Float.toString(last), tag)).append('\n');
            }
        }
    }

    private static String word(String id) {
        if (id.isEmpty() || id.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("a run file cannot hold ids with blanks, got \"" + id + "\"");
        }
        return id;
    }

    /** Collects a run in memory, query by query; not safe for use by several threads. */
    public static final class Builder {

        private final String name;
        private final Map<String, RankedDocuments> rankings = new LinkedHashMap<>();

        /**
         * Of a system of this name.
         *
         * @param name not blank
         */
        public Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Adds a query's ranking; an earlier one of the same query is replaced.
         *
         * @param query the query's id
         * @param documents ids, best first, each once; possibly none
         * @param scores of the documents; not increasing; finite as float32
         * @return this
         * @throws IllegalArgumentException if a document is there twice, if there are not as many scores as documents,
         *         or if one is not finite or above the one before it
         */
        public Builder add(String query, List<String> documents, double... scores) {
            if (documents.size() != scores.length) {
                throw new IllegalArgumentException("there must be a score for each document, got " + scores.length
                        + " for " + documents.size());
            }
            float[] rounded = new float[scores.length];
            for (int i = 0; i < scores.length; i++) {
                rounded[i] = (float) scores[i];
                if (!Float.isFinite(rounded[i]) || i > 0 && scores[i] > scores[i - 1]) {
                    throw new IllegalArgumentException("scores must be numbers that do not increase, got "
                            + Arrays.toString(scores));
                }
            }
            rankings.put(query, RankedDocuments.of(query, documents, rounded));
            return this;
        }

        /**
         * Adds the documents of a ranking of passages; an earlier ranking of the same query is replaced.
         *
         * @param query the query's id
         * @param passages the hits; every document counts that has one among them
         * @param rule how the scores of passages become a document's
         * @return this
         * @throws IllegalArgumentException if a score is not finite as float32
         */
        public Builder add(String query, Ranking passages, DocumentRule rule) {
            List<DocumentRule.Scored> documents = rule.documents(passages);
            return add(query, documents.stream().map(DocumentRule.Scored::id).toList(),
                    documents.stream().mapToDouble(DocumentRule.Scored::score).toArray());
        }

        /**
         * {@return the run of all that was added}
         *
         * @throws IllegalArgumentException if the name is blank
         */
        public Run build() {
            return new Run(name, new LinkedHashMap<>(rankings), List.of());
        }
    }
}
