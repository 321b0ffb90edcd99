package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.server.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The keys of the configuration and of the environment. */
final class ServerKeys {

    /** Secrets, separated by commas: keys that may do everything. */
    static final String VARIABLE = "RERANK4J_API_KEYS";

    /** Shorter ones can be guessed. */
    private static final int SHORTEST = 16;

    private ServerKeys() {
    }

    /**
     * @throws UsageException if a secret is missing or too short
     */
    static List<ApiKey> of(Serving settings, Shell shell) {
        List<ApiKey> keys = new ArrayList<>();
        int number = 0;
        for (String secret : shell.variable(VARIABLE).split(",")) {
            if (!secret.isBlank()) {
                number++;
                keys.add(ApiKey.of("env-" + number, checked(secret.strip(), "a key in " + VARIABLE), true));
            }
        }
        for (Serving.Key key : settings.keys()) {
            Filter filter = key.filter() == null || key.filter().isEmpty()
                    ? Filter.NONE
                    : FilterSyntax.parse(key.filter());
            try {
                keys.add(new ApiKey(key.name(), ApiKey.hash(checked(secret(key, shell), "key " + key.name())), filter,
                        key.write(), CommonOptions.or(key.maxDocuments(), Integer.MAX_VALUE),
                        CommonOptions.or(key.maxConcurrent(), Integer.MAX_VALUE)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("server.keys: " + e.getMessage(), e);
            }
        }
        return keys;
    }

    private static String secret(Serving.Key key, Shell shell) {
        if (key.keyEnv() != null) {
            return shell.variable(key.keyEnv());
        }
        Path file = Path.of(String.valueOf(key.keyFile()));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UsageException("server.keys: the file of key " + key.name() + ", " + file + ", cannot be read ("
                    + Diagnostics.sentence(e) + ")", e);
        }
    }

    private static String checked(String secret, String what) {
        if (secret.length() < SHORTEST) {
            throw new UsageException(what + " must have at least " + SHORTEST + " characters, got " + secret.length()
                    + "; make one with: openssl rand -hex 24");
        }
        return secret;
    }
}
