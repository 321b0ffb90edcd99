package dev.rerank4j.eval;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The rankings that a system gave for the queries of a collection, with float32 scores. Immutable. */
public final class Run {

    private final String name;
    private final Map<String, RankedDocuments> rankings;
    private final List<String> warnings;

    private Run(String name, Map<String, RankedDocuments> rankings, List<String> warnings) {
        this.name = name;
        this.rankings = Collections.unmodifiableMap(rankings);
        this.warnings = warnings;
    }

    /** Document ids by query id, best first, each once; scores descend by rank. */
    public static Run of(String name, Map<String, List<String>> rankings) {
        Map<String, RankedDocuments> ranked = new LinkedHashMap<>();
        rankings.forEach((query, documents) -> ranked.put(query, RankedDocuments.inOrder(documents)));
        return new Run(Objects.requireNonNull(name, "name"), ranked, List.of());
    }

    /**
     * Reads a TREC run file: query, unused, document, rank, score, tag, separated by blanks. As trec_eval does, the
     * score alone orders, as a float32; equal scores stand by document id, descending byte by byte; the rank column
     * does not matter. A document that a query has twice counts once, where its score is higher, and of several tags
     * the first is the name; {@link #warnings()} says so. UTF-8, {@code .gz} is unpacked. Keeps one reference and four
     * bytes for a line besides the distinct ids.
     *
     * @return possibly without any query: an empty file is a run of a system that found nothing
     * @throws dev.rerank4j.RerankException {@code INVALID_REQUEST}, naming file and line, if a line has not six columns
     *         or a score that is not a finite number; {@code UNAVAILABLE} if the file cannot be read
     */
    public static Run read(Path file) {
        Map<String, RankedDocuments.Builder> queries = new LinkedHashMap<>();
        Map<String, String> ids = new HashMap<>();
        Set<String> tags = new LinkedHashSet<>();
        Warnings warnings = new Warnings();
        String[] cells = new String[6];
        Lines.forEach(file, (line, number) -> {
            split(line, cells);
            float score = score(cells[4]);
            String document = cells[2];
            String known = ids.putIfAbsent(document, document);
            queries.computeIfAbsent(cells[0], query -> new RankedDocuments.Builder())
                    .add(known == null ? document : known, score);
            if (tags.add(cells[5]) && tags.size() == 2) {
                warnings.add(file + ":" + number + ": the run has more than one tag; the first, "
                        + tags.iterator().next() + ", is its name");
            }
        });
        Map<String, RankedDocuments> rankings = new LinkedHashMap<>();
        queries.forEach((query, builder) -> {
            RankedDocuments ranked = builder.build();
            if (ranked.documents().size() < builder.size()) {
                warnings.add(file + ": query " + query + " has "
                        + (builder.size() - ranked.documents().size())
                        + " documents twice; the higher score counts");
            }
            rankings.put(query, ranked);
        });
        if (rankings.isEmpty()) {
            warnings.add(file + " is empty: a run without any query");
        }
        String name = tags.isEmpty() ? String.valueOf(file.getFileName()) : tags.iterator().next();
        return new Run(name, rankings, warnings.all());
    }

    private static void split(String line, String[] cells) {
        int count = 0;
        int at = 0;
        int length = line.length();
        while (at < length) {
            while (at < length && line.charAt(at) <= ' ') {
                at++;
            }
            int start = at;
            while (at < length && line.charAt(at) > ' ') {
                at++;
            }
            if (at > start) {
                if (count < cells.length) {
                    cells[count] = line.substring(start, at);
                }
                count++;
            }
        }
        if (count != cells.length) {
            throw new IllegalArgumentException("a line of a run must have six columns (query, Q0, document, rank, "
                    + "score, tag), got " + count);
        }
    }

    private static float score(String cell) {
        float score;
        try {
            score = Float.parseFloat(cell);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a score must be a number, got " + cell, e);
        }
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException("a score must be a number, got " + cell);
        }
        return score;
    }

    /** The system's name: the tag of its run file. */
    public String name() {
        return name;
    }

    /** The same rankings under another name. */
    public Run named(String other) {
        return new Run(other, rankings, warnings);
    }

    /** Ids of the queries that were answered, if only by an empty ranking. */
    public Set<String> queries() {
        return rankings.keySet();
    }

    /** Document ids of a query, best first; empty if it was not answered. */
    public List<String> documents(String query) {
        RankedDocuments ranked = rankings.get(query);
        return ranked == null ? List.of() : ranked.documents();
    }

    /** What was odd in the file, a sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Writes a TREC run file whose scores are strictly decreasing as float32, so that every tool reads our order: a
     * score that does not lie below the one before is replaced by the next float32 below that.
     *
     * @throws IllegalArgumentException if a query or document id has a blank, which the format cannot hold
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Map.Entry<String, RankedDocuments> entry : rankings.entrySet()) {
                List<String> documents = entry.getValue().documents();
                float last = Float.POSITIVE_INFINITY;
                for (int i = 0; i < documents.size(); i++) {
                    last = Math.min(entry.getValue().score(i), Math.nextDown(last));
                    out.write(String.join(" ", word(entry.getKey()), "Q0", word(documents.get(i)),
                            Integer.toString(i + 1), Float.toString(last), name.replaceAll("\\s+", "_")));
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

        /** Of a system of this name. */
        public Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Adds a query's ranking; an earlier one of the same query is replaced.
         *
         * @param documents ids, best first, each once
         * @param scores of the documents; not increasing
         * @throws IllegalArgumentException if there are not as many scores as documents, or one is NaN or above the one
         *         before it
         */
        public Builder add(String query, List<String> documents, double... scores) {
            if (documents.size() != scores.length) {
                throw new IllegalArgumentException("there must be a score for each document, got " + scores.length
                        + " for " + documents.size());
            }
            float[] rounded = new float[scores.length];
            for (int i = 0; i < scores.length; i++) {
                if (Double.isNaN(scores[i]) || i > 0 && scores[i] > scores[i - 1]) {
                    throw new IllegalArgumentException("scores must be numbers that do not increase, got "
                            + Arrays.toString(scores));
                }
                rounded[i] = (float) scores[i];
            }
            rankings.put(query, new RankedDocuments(List.copyOf(documents), rounded));
            return this;
        }

        /** The run of all that was added. */
        public Run build() {
            return new Run(name, new LinkedHashMap<>(rankings), List.of());
        }
    }
}
