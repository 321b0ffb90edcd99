package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rerank4j.remote.RemoteOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's reranker, as the section {@code providers} of the configuration file describes it. What is not said
 * is as the type has it. The key itself never stands in the file.
 *
 * @param type how it is spoken to, a word of {@link ProviderType}; if nobody says, the provider's own name is one
 * @param address where it is
 * @param model which model is asked
 * @param keyEnv the environment variable that holds the key
 * @param keyFile the file that holds it
 * @param plaintextKey whether the key may go over plain {@code http} to another machine
 * @param method how a language model is asked
 * @param window how many candidates a language model is shown at a time
 * @param stride by how many the window moves
 * @param passageTokens how many tokens of a passage a language model is shown
 * @param thinking how many tokens a language model may spend on thinking
 * @param instruction what is looked for, in a sentence for models that want one
 * @param timeout of an attempt
 * @param retries how often a call is tried again
 * @param concurrency how many calls run at the same time
 * @param price of 1,000 billed units; of a million tokens where those are billed
 * @param outputPrice of a million tokens that a language model writes
 * @param currency of the prices, for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Provider(@Nullable String type, @Nullable String address, @Nullable String model, @Nullable String keyEnv,
        @Nullable String keyFile, @Nullable Boolean plaintextKey, @Nullable Method method, @Nullable Integer window,
        @Nullable Integer stride, @Nullable Integer passageTokens, @Nullable Integer thinking,
        @Nullable String instruction, @Nullable Duration timeout, @Nullable Integer retries,
        @Nullable Integer concurrency,
        @Nullable Double price, @Nullable Double outputPrice, @Nullable String currency) {

    /** Of which nothing is said. */
    static final Provider UNSAID = new Provider(null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null);

    /** How a language model is asked. */
    enum Method {
        POINTWISE, LISTWISE, SETWISE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Provider {
        if (type != null && ProviderType.find(type).isEmpty()) {
            throw new IllegalArgumentException("type must be one of " + String.join(", ", ProviderType.words())
                    + ", got " + type + Nearest.to(type, ProviderType.words())
                            .map(near -> "; did you mean " + near + "?").orElse(""));
        }
        if (address != null) {
            check(address);
        }
        if (keyEnv != null && keyFile != null) {
            throw new IllegalArgumentException("key-env and key-file exclude each other: a key is in one place");
        }
        atLeast("window", window, 2);
        atLeast("stride", stride, 1);
        atLeast("retries", retries, 0);
        atLeast("concurrency", concurrency, 1);
        notNegative("price", price);
        notNegative("output-price", outputPrice);
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("timeout must be > 0, got " + Units.text(timeout));
        }
    }

    /** Now, so that a password in an address is never printed with the settings. */
    private static void check(String address) {
        try {
            RemoteOptions.at(new URI(address));
        } catch (URISyntaxException e) { // its message repeats the address
            throw new IllegalArgumentException("address must be like https://rerank.example.com/path", e);
        }
    }

    private static void atLeast(String name, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ", got " + value);
        }
    }

    /** What can be told from other names of models, and stands in a list of them. */
    static void checkName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || name.equals(ModelName.BUILT_IN)
                || name.equals(ModelName.NONE)) {
            throw new IllegalArgumentException("names of providers must be letters, digits, dots, - and _, and not "
                    + ModelName.BUILT_IN + " or " + ModelName.NONE + ", got " + name);
        }
    }

    private static void notNegative(String name, @Nullable Double value) {
        if (value != null && !(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be a number >= 0, got " + value);
        }
    }
}
