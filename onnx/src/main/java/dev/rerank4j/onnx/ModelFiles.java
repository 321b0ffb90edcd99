package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where the files of a model lie: a folder, or a place on the class path. Immutable. */
public sealed interface ModelFiles {

    /**
     * {@return a folder}
     *
     * @param folder need not exist yet
     */
    static ModelFiles folder(Path folder) {
        return new Folder(folder);
    }

    /**
     * {@return a place on the class path}
     *
     * @param loader whose class path
     * @param prefix what stands before the file names, such as {@code "models/small/"}; may be empty
     */
    static ModelFiles classPath(ClassLoader loader, String prefix) {
        return new ClassPath(loader, prefix);
    }

    /**
     * {@return whether there is a file of this name}
     *
     * @param name of the file, without folders
     */
    boolean has(String name);

    /**
     * Opens a file; the caller closes it.
     *
     * @param name of the file, without folders
     * @return the file's bytes from its start
     * @throws IOException if it cannot be read or does not exist
     */
    InputStream open(String name) throws IOException;

    /**
     * {@return the file's path; empty if it is not a file of its own}
     *
     * @param name of the file, without folders
     */
    Optional<Path> path(String name);

    /** {@return what a person would call the place} */
    String describe();

    /**
     * The whole file.
     *
     * @param name of the file, without folders
     * @return all of its bytes, in memory
     * @throws RerankException {@code UNAVAILABLE} if it cannot be read or does not exist
     */
    default byte[] read(String name) {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (NoSuchFileException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "there is no " + name + " in " + describe() + ": a model needs it", e);
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    name + " in " + describe() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * {@link #folder}.
     *
     * @param folder need not exist yet
     */
    record Folder(Path folder) implements ModelFiles {
        /** Holds the folder as it is; nothing is read. */
        public Folder {
            Objects.requireNonNull(folder, "folder");
        }

        @Override
        public boolean has(String name) {
            return Files.isRegularFile(folder.resolve(name));
        }

        @Override
        public InputStream open(String name) throws IOException {
            return Files.newInputStream(folder.resolve(name));
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.of(folder.resolve(name));
        }

        @Override
        public String describe() {
            return folder.toString();
        }
    }

    /**
     * {@link #classPath}.
     *
     * @param loader whose class path
     * @param prefix what stands before the file names; may be empty
     */
    record ClassPath(ClassLoader loader, String prefix) implements ModelFiles {
        /** Holds the place as it is; nothing is read. */
        public ClassPath {
            Objects.requireNonNull(loader, "loader");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public boolean has(String name) {
            return loader.getResource(prefix + name) != null;
        }

        @Override
        public InputStream open(String name) throws IOException {
            InputStream in = loader.getResourceAsStream(prefix + name);
            if (in == null) {
                throw new NoSuchFileException(prefix + name);
            }
            return in;
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.empty();
        }

        @Override
        public String describe() {
            return "class path " + prefix;
        }
    }
}
