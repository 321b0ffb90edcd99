package dev.rerank4j.onnx;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A model of a hub whose files are on this machine.
 *
 * @param id what it was asked for as
 * @param commit which state of the repository it is: 40 hexadecimal digits
 * @param folder of the repository's files in that state; paths below it are those of the repository
 * @param modelFile path of the chosen ONNX file below the folder, with {@code /}
 * @param why why this file, in one sentence for people
 */
public record HubModel(ModelId id, String commit, Path folder, String modelFile, String why) {

    /** Holds the components as they are. */
    public HubModel {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(modelFile, "modelFile");
        Objects.requireNonNull(why, "why");
    }

    /**
     * {@return what tells this model from every other, but for the file, which what is made of it adds to its own name:
     * the repository and the beginning of the commit}
     */
    public String name() {
        return id.repository() + "@" + commit.substring(0, Math.min(12, commit.length()));
    }
}
