package dev.rerank4j.eval;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Documents, queries and judgments to measure with. The documents stay where they are; the rest has been read.
 *
 * @param name what a report calls it, such as the folder's name
 * @param documents a file with a document on each line, or a folder of files, whose documents judgments name by the
 *        path below it
 * @param queries what was asked
 * @param qrels what answers it
 */
public record Collection(String name, Path documents, Queries queries, Qrels qrels) {

    private static final String EXPECTED = "; expected are corpus.jsonl or a folder docs, queries.jsonl, and "
            + "qrels/test.tsv";

    /** Holds the components as they are; nothing is read. */
    public Collection {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(documents, "documents");
        Objects.requireNonNull(queries, "queries");
        Objects.requireNonNull(qrels, "qrels");
    }

    /**
     * Opens a folder of BEIR's layout. Documents are {@code corpus.jsonl} or, if there is none, the files of the folder
     * {@code docs}; queries are {@code queries.jsonl}, or else {@code queries.tsv}. Of the folder {@code qrels} the
     * judgments are {@code test.tsv}; without that its only file, or else {@code dev.tsv}.
     *
     * @param folder of BEIR's layout
     * @return the collection, named after the folder
     * @throws RerankException {@code UNAVAILABLE} if there is no such folder; {@code INVALID_REQUEST} if it has no
     *         collection, saying what is missing; and as {@link Queries#read} and {@link Qrels#read} do
     */
    public static Collection open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there is no folder " + folder);
        }
        Path documents = first(folder, "corpus.jsonl", "docs").orElseThrow(() -> missing(folder, "documents"));
        Path queries = first(folder, "queries.jsonl", "queries.tsv").orElseThrow(() -> missing(folder, "queries"));
        return of(nameOf(folder), documents, queries, qrels(folder));
    }

    /**
     * Opens what does not lie in one folder, such as TREC's: documents, queries (topics) and judgments each by their
     * own path.
     *
     * @param documents a file with a document on each line, or a folder of files
     * @param queries as {@link Queries#read} takes it
     * @param qrels as {@link Qrels#read} takes it
     * @return the collection, named after the documents
     * @throws RerankException {@code UNAVAILABLE} if there are no such documents; and as {@link Queries#read} and
     *         {@link Qrels#read} do
     */
    public static Collection open(Path documents, Path queries, Path qrels) {
        if (!Files.exists(documents)) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "there are no documents at " + documents);
        }
        return of(nameOf(documents), documents, queries, qrels);
    }

    private static Collection of(String name, Path documents, Path queries, Path qrels) {
        return new Collection(name, documents, Queries.read(queries), Qrels.read(qrels));
    }

    /** {@return the texts of the queries that somebody judged, by id, in the order of the judgments} */
    public Map<String, String> judgedQueries() {
        Map<String, String> judged = new LinkedHashMap<>();
        for (String id : qrels.queries()) {
            queries.text(id).ifPresent(text -> judged.put(id, text));
        }
        return judged;
    }

    /**
     * {@return what a reader of figures must know of the files, a sentence each; those of the judgments are repeated by
     * the {@linkplain Evaluation#notes notes} of an evaluation with the same {@link Qrels}}
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(queries.warnings());
        notes.addAll(qrels.warnings());
        List<String> textless = qrels.queries().stream().filter(id -> queries.text(id).isEmpty()).toList();
        if (!textless.isEmpty()) {
            notes.add("judged queries without a text, which cannot be asked: " + Warnings.some(textless));
        }
        return notes;
    }

    private static Path qrels(Path folder) {
        Path judgments = folder.resolve("qrels");
        if (!Files.isDirectory(judgments)) {
            throw missing(folder, "judgments");
        }
        List<Path> files;
        try (Stream<Path> found = Files.list(judgments)) {
            files = found.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    judgments + " cannot be read: " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw missing(folder, "judgments");
        }
        return first(judgments, "test.tsv").or(() -> files.size() == 1
                ? Optional.of(files.getFirst())
                : first(judgments, "dev.tsv"))
                .orElseThrow(() -> new RerankException(RerankException.Kind.INVALID_REQUEST, judgments + " has "
                        + files.size() + " files and none is test.tsv or dev.tsv: name the one that is meant"));
    }

    private static Optional<Path> first(Path folder, String... names) {
        return Stream.of(names).map(folder::resolve).filter(Files::exists).findFirst();
    }

    private static RerankException missing(Path folder, String what) {
        return new RerankException(RerankException.Kind.INVALID_REQUEST, folder + " has no " + what + EXPECTED);
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
