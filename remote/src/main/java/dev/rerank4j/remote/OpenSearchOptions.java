package dev.rerank4j.remote;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Which index of which cluster is searched, and how. Immutable; each {@code with…} gives another.
 *
 * @param engine what runs there
 * @param remote where it is and how it is called; its key is the password of {@code user}, or without a user the key of
 *        an API: a bearer token for OpenSearch, an API key for Elasticsearch
 * @param user empty for none
 * @param index the name of one index, or of an alias of one; lower case
 * @param fields of an index that somebody else fills, which is then only read; empty for an index that
 *        {@link OpenSearchIndex} makes
 * @param language whose words are found by their stems, a code of ISO 639 such as {@code en}; empty for words as they
 *        are. For an index that is made
 * @param shards into how many parts an index is cut when it is made; at least 1
 * @param bulkPassages how many passages are collected before they are sent; at least 1
 * @param bulkBytes how long a request with passages may be, unless a single one is longer; at least 1
 */
public record OpenSearchOptions(SearchEngine engine, RemoteOptions remote, String user, String index,
        Optional<OpenSearchFields> fields, String language, int shards, int bulkPassages, int bulkBytes) {

    private static final String FORBIDDEN = "\\/*?\"<>|,# :";

    /**
     * Checks names and numbers.
     *
     * @throws IllegalArgumentException if {@code index} can be no name of an index, {@code user} has a colon or no
     *         password, the language is no code, or a number is below 1
     */
    public OpenSearchOptions {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(fields, "fields");
        if (index.isBlank() || !index.equals(index.toLowerCase(Locale.ROOT)) || "_-+.".indexOf(index.charAt(0)) >= 0
                || index.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0)) {
            throw new IllegalArgumentException("index must be the name of one index: lower case, without blanks and "
                    + "any of \\ / * ? \" < > | , # :, and not begin with _ - + or a dot");
        }
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user must not have a colon in it");
        }
        if (!user.isEmpty() && !remote.key().isPresent()) {
            throw new IllegalArgumentException("user must have a password");
        }
        OpenSearchAnalysis.check(language);
        atLeastOne("shards", shards);
        atLeastOne("bulk passages", bulkPassages);
        atLeastOne("bulk bytes", bulkBytes);
    }

    private static void atLeastOne(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " must be >= 1, got " + number);
        }
    }

    /**
     * {@return options for an index of English texts that {@link OpenSearchIndex} makes in OpenSearch, of one shard,
     * with 500 passages or 5 MiB a request}
     *
     * @param remote where OpenSearch is and how it is called
     * @param index the name of one index
     * @throws IllegalArgumentException if {@code index} can be no name of an index
     */
    public static OpenSearchOptions of(RemoteOptions remote, String index) {
        return new OpenSearchOptions(SearchEngine.OPENSEARCH, remote, "", index, Optional.empty(), "en", 1, 500,
                5 << 20);
    }

    /**
     * {@return the same for another engine}
     *
     * @param other what runs there
     */
    public OpenSearchOptions withEngine(SearchEngine other) {
        return new OpenSearchOptions(other, remote, user, index, fields, language, shards, bulkPassages, bulkBytes);
    }

    /**
     * {@return the same with a user, whose password is the {@linkplain RemoteOptions#key() key}}
     *
     * @param name of the user
     * @throws IllegalArgumentException if there is no password, or {@code name} has a colon in it
     */
    public OpenSearchOptions withUser(String name) {
        return new OpenSearchOptions(engine, remote, name, index, fields, language, shards, bulkPassages, bulkBytes);
    }

    /**
     * {@return the same for an index that somebody else fills, and that is only read}
     *
     * @param there what its fields hold
     */
    public OpenSearchOptions withFields(OpenSearchFields there) {
        return new OpenSearchOptions(engine, remote, user, index, Optional.of(there), language, shards, bulkPassages,
                bulkBytes);
    }

    /**
     * {@return the same with another language}
     *
     * @param code of ISO 639; empty for words as they are
     * @throws IllegalArgumentException if it is no code
     */
    public OpenSearchOptions withLanguage(String code) {
        return new OpenSearchOptions(engine, remote, user, index, fields, code, shards, bulkPassages, bulkBytes);
    }

    /**
     * {@return the same with other numbers}
     *
     * @param parts into which an index is cut when it is made
     * @param passages how many are collected before they are sent
     * @param bytes how long a request with passages may be
     * @throws IllegalArgumentException if one is below 1
     */
    public OpenSearchOptions withSizes(int parts, int passages, int bytes) {
        return new OpenSearchOptions(engine, remote, user, index, fields, language, parts, passages, bytes);
    }
}
