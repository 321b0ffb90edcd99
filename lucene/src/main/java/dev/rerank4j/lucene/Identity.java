package dev.rerank4j.lucene;

import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an index was made with, and so has to be read with; written into each commit.
 *
 * @param encoder name of the model whose vectors it holds
 * @param dimension how many numbers they have
 * @param language whose analysis made its words
 */
record Identity(String encoder, int dimension, String language) {

    private static final String FORMAT = "rerank4j.format";
    private static final String ENCODER = "rerank4j.encoder";
    private static final String DIMENSION = "rerank4j.dimension";
    private static final String LANGUAGE = "rerank4j.language";

    /**
     * @throws IllegalArgumentException if the encoder's vectors are too long for the index, or the language is unknown
     */
    static Identity of(Encoder encoder, String language) {
        int dimension = encoder.dimension();
        if (dimension < 1 || dimension > VectorFormat.MAX_DIMENSION) {
            throw new IllegalArgumentException("dimension of encoder " + encoder.name() + " must be within 1 to "
                    + VectorFormat.MAX_DIMENSION + ", got " + dimension);
        }
        return new Identity(encoder.name(), dimension, Languages.canonical(language));
    }

    /** The language of a commit with this user data; empty if somebody else wrote it. */
    static Optional<String> language(Map<String, String> userData) {
        return userData.containsKey(FORMAT) ? Optional.ofNullable(userData.get(LANGUAGE)) : Optional.empty();
    }

    /** The encoder of a commit with this user data; empty if somebody else wrote it. */
    static Optional<String> encoder(Map<String, String> userData) {
        return userData.containsKey(FORMAT) ? Optional.ofNullable(userData.get(ENCODER)) : Optional.empty();
    }

    Map<String, String> userData() {
        return Map.of(FORMAT, Integer.toString(Layout.FORMAT), ENCODER, encoder,
                DIMENSION, Integer.toString(dimension), LANGUAGE, language);
    }

    /**
     * @throws RerankException if a commit with this user data cannot be read or continued with what we have
     */
    void verify(Path directory, Map<String, String> userData) {
        String format = userData.get(FORMAT);
        if (format == null) {
            throw refused(directory + " holds a Lucene index that Rerank4j did not write: choose another directory");
        }
        if (!format.equals(Integer.toString(Layout.FORMAT))) {
            throw refused("index " + directory + " has format " + format + ", this version reads format "
                    + Layout.FORMAT + ": index again into a new directory");
        }
        String writtenEncoder = userData.getOrDefault(ENCODER, "");
        String writtenDimension = userData.getOrDefault(DIMENSION, "");
        if (!writtenEncoder.equals(encoder)) {
            throw refused("index " + directory + " was written with encoder " + writtenEncoder + ", this one is "
                    + encoder + ": index again into a new directory, or choose that encoder");
        }
        if (!writtenDimension.equals(Integer.toString(dimension))) {
            throw refused("index " + directory + " was written with vectors of " + writtenDimension
                    + " numbers, those of encoder " + encoder + " have " + dimension
                    + ": index again into a new directory, or choose the encoder it was written with");
        }
        String writtenLanguage = userData.getOrDefault(LANGUAGE, "");
        if (!writtenLanguage.equals(language)) {
            throw refused("index " + directory + " was written with " + named(writtenLanguage) + ", this one is with "
                    + named(language) + ": index again into a new directory, or choose that language");
        }
    }

    private static String named(String language) {
        return language.isEmpty() ? "no language" : "language " + language;
    }

    private static RerankException refused(String message) {
        return new RerankException(Kind.UNAVAILABLE, message);
    }
}
