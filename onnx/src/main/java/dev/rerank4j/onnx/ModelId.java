package dev.rerank4j.onnx;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A model's name on a hub: a repository, {@code owner/name}, and a revision of it.
 *
 * @param repository {@code owner/name}, as the hub spells it: letters, digits, {@code .}, {@code _} and {@code -} in
 *        both, neither with a dot or dash at an end or two of them in a row, at most 96 characters together
 * @param revision a branch, a tag or a commit
 */
public record ModelId(String repository, String revision) {

    /** The branch that is meant if nobody says. */
    public static final String MAIN = "main";

    private static final int LONGEST = 96; // the hub's own limit
    private static final Pattern PART = Pattern
            .compile("[A-Za-z0-9_]+(?:(?:-(?!-)|\\.(?!\\.))[A-Za-z0-9_]*)*(?<![.-])");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}");

    /**
     * Checks both names.
     *
     * @throws IllegalArgumentException if one of them is no such name
     */
    public ModelId {
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(revision, "revision");
        if (!isRepository(repository)) {
            throw new IllegalArgumentException("a model's name must be owner/name, such as BAAI/bge-reranker-base, got "
                    + repository);
        }
        if (!REVISION.matcher(revision).matches() || revision.contains("..") || revision.contains("//")
                || revision.endsWith("/")) {
            throw new IllegalArgumentException("a revision must be a branch, a tag or a commit, got " + revision);
        }
    }

    /**
     * Reads {@code owner/name} or {@code owner/name@revision}.
     *
     * @param text as a user writes it
     * @return what it names, at {@link #MAIN} if it says no revision
     * @throws IllegalArgumentException if it is no such name
     */
    public static ModelId of(String text) {
        int at = text.indexOf('@');
        return at < 0 ? new ModelId(text, MAIN) : new ModelId(text.substring(0, at), text.substring(at + 1));
    }

    /**
     * {@return whether a text is written as a model's name is, with or without a revision} Whether there is such a model
     * is not asked.
     *
     * @param text as a user writes it
     */
    public static boolean isId(String text) {
        try {
            of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isRepository(String text) {
        String[] parts = text.split("/", -1);
        return text.length() <= LONGEST && parts.length == 2 && PART.matcher(parts[0]).matches()
                && PART.matcher(parts[1]).matches();
    }

    /** {@return {@code owner/name}, and {@code @revision} unless that is {@link #MAIN}} */
    @Override
    public String toString() {
        return revision.equals(MAIN) ? repository : repository + "@" + revision;
    }
}
