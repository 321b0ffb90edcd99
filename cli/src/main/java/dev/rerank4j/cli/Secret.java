package dev.rerank4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is: the configuration file names an environment variable or a file, and never holds it itself.
 *
 * @param what the secret is, such as {@code the password of opensearch}
 */
record Secret(String what, @Nullable String env, @Nullable String file) {

    /**
     * The secret; empty if the configuration names none.
     *
     * @throws UsageException if it is named and cannot be had
     */
    Optional<String> read(Shell shell) {
        String variable = env;
        String path = file;
        if (variable != null && path != null) {
            throw new UsageException(what + " is to be in an environment variable and in a file: name one of them");
        }
        if (variable != null) {
            return Optional.of(filled(shell.variable(variable).strip(), variable
                    + " is not set: put it into that environment variable"));
        }
        if (path == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(filled(Files.readString(Path.of(path)).strip(), "the file " + path + " is empty"));
        } catch (IOException e) {
            throw new UsageException(what + ": the file " + path + " cannot be read (" + Diagnostics.sentence(e) + ")",
                    e);
        }
    }

    private String filled(String secret, String otherwise) {
        if (secret.isEmpty()) {
            throw new UsageException(what + ": " + otherwise);
        }
        return secret;
    }
}
