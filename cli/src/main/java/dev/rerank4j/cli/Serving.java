package dev.rerank4j.cli;

import dev.rerank4j.server.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@code rerank serve}.
 *
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param indexes folders that {@code rerank index} made, or will make; {@code NAME=DIR} gives one a name
 * @param maxBody of a request
 * @param maxDocuments of a request
 * @param maxConcurrent requests at once
 * @param queueTokens how many tokens may wait for the model before requests are refused
 * @param timeout of a request at most
 * @param shutdownTimeout how long requests that run may go on when the server is told to stop
 * @param cors origins whose pages may call
 * @param accessLog whether each request is a line on the standard error
 * @param keys who may come in, besides those in the environment variable {@code RERANK4J_API_KEYS}
 */
record Serving(String host, int port, List<String> indexes, ByteSize maxBody, int maxDocuments, int maxConcurrent,
        int queueTokens, Duration timeout, Duration shutdownTimeout, List<String> cors, boolean accessLog,
        List<Key> keys) {

    /** A few seconds' work of a small machine; what would be late is refused before that. */
    private static final int QUEUE_TOKENS = 65_536;

    static final Serving DEFAULTS = defaults();

    private static Serving defaults() {
        ServerOptions options = ServerOptions.defaults();
        return new Serving(options.host(), options.port(), List.of(), new ByteSize(options.maxBody()),
                options.maxDocuments(), options.maxConcurrent(), QUEUE_TOKENS, options.timeout(),
                options.shutdownTimeout(), List.of(), true, List.of());
    }

    /**
     * A key. The secret itself never stands in a configuration file.
     *
     * @param name for logs
     * @param keyEnv the environment variable that holds the secret
     * @param keyFile the file that holds it
     * @param filter conditions that every hit satisfies, as {@code --filter} has them
     * @param write whether it may add and delete documents
     * @param maxDocuments of a request; if nobody says, the server's
     * @param maxConcurrent requests at once; if nobody says, the server's
     */
    record Key(String name, @Nullable String keyEnv, @Nullable String keyFile, @Nullable List<String> filter,
            boolean write, @Nullable Integer maxDocuments, @Nullable Integer maxConcurrent) {

        Key {
            filter = filter == null ? List.of() : List.copyOf(filter);
        }

        /** Not by the constructor, so that a misspelt key of the file is told first. */
        private void check() {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("a key must have a name");
            }
            if ((keyEnv == null) == (keyFile == null)) {
                throw new IllegalArgumentException("key " + name + " must have either key-env, the name of an "
                        + "environment variable, or key-file, the path of a file; the secret itself must not stand here");
            }
        }
    }

    Serving {
        indexes = List.copyOf(indexes);
        cors = List.copyOf(cors);
        keys = List.copyOf(keys);
        keys.forEach(Key::check);
        if (queueTokens < 1) {
            throw new IllegalArgumentException("queue-tokens must be >= 1, got " + queueTokens);
        }
        options(host, port, maxBody, maxDocuments, maxConcurrent, timeout, shutdownTimeout, cors); // refuses the rest
    }

    ServerOptions options() {
        return options(host, port, maxBody, maxDocuments, maxConcurrent, timeout, shutdownTimeout, cors);
    }

    private static ServerOptions options(String host, int port, ByteSize maxBody, int maxDocuments, int maxConcurrent,
            Duration timeout, Duration shutdownTimeout, List<String> cors) {
        return new ServerOptions(host, port, maxBody.bytes(), maxDocuments, maxConcurrent, timeout, shutdownTimeout,
                Set.copyOf(cors));
    }

    /** With what the command line says. */
    Serving with(@Nullable String otherHost, @Nullable Integer otherPort, List<String> otherIndexes) {
        return new Serving(CommonOptions.or(otherHost, host), CommonOptions.or(otherPort, port),
                otherIndexes.isEmpty() ? indexes : otherIndexes, maxBody, maxDocuments, maxConcurrent, queueTokens,
                timeout, shutdownTimeout, cors, accessLog, keys);
    }
}
