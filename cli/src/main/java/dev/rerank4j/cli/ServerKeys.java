package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.server.ApiKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of the configuration and of the environment. */
final class ServerKeys {

    /** Secrets, separated by commas: keys that may do everything. */
    static final String VARIABLE = "RERANK4J_API_KEYS";

    /** Shorter ones can be guessed. */
    private static final int SHORTEST = 16;

    private ServerKeys() {
    }

    /**
     * @throws UsageException if a secret is missing, too short, or another key's, or a filter cannot be read
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
            try {
                keys.add(new ApiKey(key.name(), ApiKey.hash(checked(secret(key, shell), "key " + key.name())),
                        filter(key), key.write(), CommonOptions.or(key.maxDocuments(), Integer.MAX_VALUE),
                        CommonOptions.or(key.maxConcurrent(), Integer.MAX_VALUE)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("server.keys: " + e.getMessage(), e);
            }
        }
        requireDistinct(keys);
        return keys;
    }

    private static Filter filter(Serving.Key key) {
        List<String> conditions = key.filter() == null ? List.of() : key.filter();
        try {
            return conditions.isEmpty() ? Filter.NONE : FilterSyntax.parse(conditions);
        } catch (UsageException e) {
            throw new UsageException("server.keys: of key " + key.name() + ", "
                    + String.valueOf(e.getMessage()).replace("--filter", "filter"), e);
        }
    }

    private static String secret(Serving.Key key, Shell shell) {
        String variable = key.keyEnv();
        if (variable != null) {
            String secret = shell.variable(variable);
            if (secret.isEmpty()) {
                throw new UsageException("server.keys: the environment variable of key " + key.name() + ", " + variable
                        + ", is not set: put the secret there, such as one made with: openssl rand -hex 24");
            }
            return secret.strip();
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

    /** Of two keys with the same secret, one would quietly have the rights of the other. */
    private static void requireDistinct(List<ApiKey> keys) {
        Map<ByteBuffer, String> secrets = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (ApiKey key : keys) {
            if (!names.add(key.name())) {
                throw new UsageException("server.keys: names must differ, got " + key.name() + " twice");
            }
            String other = secrets.put(ByteBuffer.wrap(key.sha256()), key.name());
            if (other != null) {
                throw new UsageException("keys " + other + " and " + key.name()
                        + " have the same secret: give each one its own");
            }
        }
    }
}
