package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.Optional;

/**
 * What an index that Rerank4j made says of itself in its mapping.
 *
 * @param language of its analysis
 * @param encoder of its vectors; empty if it has none
 * @param dimension of its vectors; 0 if it has none
 */
record OpenSearchIdentity(int format, String language, String encoder, int dimension) {

    private static final String KEY = "rerank4j";

    /** Writes it into a mapping. */
    void put(ObjectNode mapping) {
        mapping.putObject("_meta").putObject(KEY).put("format", format).put("language", language)
                .put("encoder", encoder).put("dimension", dimension);
    }

    /**
     * Of an answer with mappings by the names of indexes; behind an alias there is but one.
     *
     * @param subject the index, in sentences
     * @throws RerankException if it is of another format or somebody else's
     */
    static OpenSearchIdentity of(JsonNode mappings, String subject) {
        JsonNode said = mappings.path(mappings.fieldNames().hasNext() ? mappings.fieldNames().next() : "")
                .path("mappings").path("_meta").path(KEY);
        if (!said.isObject()) {
            throw new RerankException(Kind.UNAVAILABLE, subject
                    + " was not made by Rerank4j: say which of its fields hold what to search it, or choose another name");
        }
        int format = said.path("format").asInt();
        if (format != OpenSearchLayout.FORMAT) {
            throw new RerankException(Kind.UNAVAILABLE, subject + " is of format " + format + ", this version reads "
                    + OpenSearchLayout.FORMAT + ": load it again under another name");
        }
        return new OpenSearchIdentity(format, said.path("language").asText(), said.path("encoder").asText(),
                said.path("dimension").asInt());
    }

    /** @throws RerankException if its texts are not analysed as the words of queries would be */
    void requireLanguage(String wanted, String subject) {
        if (!language.equals(wanted)) {
            throw new RerankException(Kind.UNAVAILABLE, subject + " was made for " + named(language) + ", not for "
                    + named(wanted) + ": open it with that, or load it again under another name");
        }
    }

    private static String named(String language) {
        return language.isEmpty() ? "no language" : "language " + language;
    }

    /** @throws RerankException if its vectors are not those of the encoder */
    void requireVectorsOf(CheckedEncoder with, String subject) {
        if (dimension == 0) {
            throw new RerankException(Kind.UNAVAILABLE, subject + " was made without vectors: load it again with an "
                    + "encoder under another name, or search it by words");
        }
        if (!encoder.equals(with.name()) || dimension != with.dimension()) {
            throw new RerankException(Kind.UNAVAILABLE, subject + " has vectors of " + encoder + " with " + dimension
                    + " numbers, not of " + with.name() + " with " + with.dimension()
                    + ": use that encoder, or load it again under another name");
        }
    }

    /** @throws RerankException if passages cannot be added as the index is opened */
    void requireWritable(Optional<CheckedEncoder> with, String subject) {
        if (with.isPresent()) {
            requireVectorsOf(with.get(), subject);
        } else if (dimension > 0) {
            throw new RerankException(Kind.UNAVAILABLE, subject + " has vectors of " + encoder
                    + ": open it with that encoder to add to it");
        }
    }
}
