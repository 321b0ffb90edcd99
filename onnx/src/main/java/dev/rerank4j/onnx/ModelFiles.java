package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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
     * @param name path of the file below the place, with {@code /}
     */
    boolean has(String name);

    /**
     * Opens a file; the caller closes it.
     *
     * @param name path of the file below the place, with {@code /}
     * @return the file's bytes from its start
     * @throws IOException if it cannot be read or does not exist
     */
    InputStream open(String name) throws IOException;

    /**
     * {@return the file's path; empty if it is not a file of its own}
     *
     * @param name path of the file below the place, with {@code /}
     */
    Optional<Path> path(String name);

    /** {@return what a person would call the place} */
    String describe();

    /**
     * {@return paths of the files in it and in its folder {@code onnx}, with {@code /}, sorted; none where they cannot be
     * listed, as on a class path}
     *
     * @throws RerankException {@code UNAVAILABLE} if the folder cannot be read
     */
    List<String> list();

    /**
     * The whole file.
     *
     * @param name path of the file below the place, with {@code /}
     * @return all of its bytes, in memory
     * @throws RerankException {@code UNAVAILABLE} if it cannot be read or does not exist
     */
    default byte[] read(String name) {
        return read(name, Integer.MAX_VALUE - 64); // about the longest array there is
    }

    /**
     * The whole file, if it is not too long.
     *
     * @param name path of the file below the place, with {@code /}
     * @param longest how many bytes it may have; at least 1
     * @return all of its bytes, in memory
     * @throws RerankException {@code UNAVAILABLE} if it cannot be read or does not exist, {@code MODEL} if it is longer
     */
    default byte[] read(String name, int longest) {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(longest);
            if (in.read() >= 0) {
                throw new RerankException(RerankException.Kind.MODEL,
                        name + " in " + describe() + " must have at most " + longest + " bytes, and has more");
            }
            return bytes;
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

        @Override
        public List<String> list() {
            List<String> files = new ArrayList<>();
            for (String below : List.of("", "onnx/")) {
                if (Files.isDirectory(folder.resolve(below))) {
                    try (Stream<Path> paths = Files.list(folder.resolve(below))) {
                        paths.filter(Files::isRegularFile).forEach(path -> files.add(below + path.getFileName()));
                    } catch (IOException | UncheckedIOException e) {
                        throw new RerankException(RerankException.Kind.UNAVAILABLE,
                                folder.resolve(below) + " cannot be read: " + e.getMessage(), e);
                    }
                }
            }
            Collections.sort(files);
            return List.copyOf(files);
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

        @Override
        public List<String> list() {
            return List.of();
        }
    }
}
