package dev.rerank4j.onnx;

import java.util.Objects;
import java.util.Optional;

/**
 * How a model is fetched.
 *
 * @param file path of the ONNX file in the repository; if empty, the one that suits this processor
 * @param acceptLicence whether a licence that forbids commercial use is accepted
 */
public record PullOptions(Optional<String> file, boolean acceptLicence) {

    /** Holds the components as they are. */
    public PullOptions {
        Objects.requireNonNull(file, "file");
    }

    /** The file that suits this processor, and no licence that forbids commercial use. */
    public static final PullOptions DEFAULT = new PullOptions(Optional.empty(), false);
}
