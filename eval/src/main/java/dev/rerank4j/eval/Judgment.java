package dev.rerank4j.eval;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One line of a person's own judgments: this answers that query.
 *
 * @param query what was asked; not blank
 * @param kind how the target is named
 * @param target an id, a file's name or a quotation; not blank
 * @param grade how well it answers; 0 or below is not relevant
 * @param file where this was read
 * @param line where it begins there, from 1
 */
public record Judgment(String query, Kind kind, String target, int grade, Path file, int line) {

    /** How a judgment names its target. */
    public enum Kind {
        /** By the id of a document or passage; a file's name or a quotation will do too. */
        ID,
        /** By the name of a file, with or without the folders above it. */
        FILE,
        /** By a stretch of text that stands in it. */
        QUOTE
    }

    /**
     * Checks that query and target say something.
     *
     * @throws IllegalArgumentException if {@code query} or {@code target} is blank
     */
    public Judgment {
        if (query.isBlank() || target.isBlank()) {
            throw new IllegalArgumentException("query and target of a judgment must not be blank");
        }
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(file, "file");
    }

    /** File and line, as messages have them. */
    String place() {
        return file + ":" + line;
    }
}
