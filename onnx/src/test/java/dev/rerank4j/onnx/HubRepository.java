package dev.rerank4j.onnx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A model's repository at a {@link HubServer}. */
public final class HubRepository {

    /** Who may read it. */
    public enum Access {
        /** Anybody. */
        PUBLIC,
        /** Anybody may list it, only who has the token may read its files. */
        GATED,
        /** Only who has the token knows of it. */
        PRIVATE
    }

    /** A file's content. Where it is large, only its hash is kept in Git, as the Hub does with Git LFS. */
    public record Content(Optional<Path> file, byte[] bytes, long size, boolean large, String sha256, String sha1) {

        static Content of(String path, byte[] bytes) {
            return new Content(Optional.empty(), bytes, bytes.length, isLarge(path), hash("SHA-256", "", bytes),
                    hash("SHA-1", "blob " + bytes.length + "\0", bytes));
        }

        static Content of(String path, Path file) {
            try (InputStream in = Files.newInputStream(file)) {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
                long size = Files.size(file);
                sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    sha256.update(buffer, 0, n);
                    sha1.update(buffer, 0, n);
                }
                return new Content(Optional.of(file), new byte[0], size, isLarge(path),
                        HexFormat.of().formatHex(sha256.digest()), HexFormat.of().formatHex(sha1.digest()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        private static boolean isLarge(String path) {
            return Stream.of(".onnx", ".onnx_data", ".safetensors", ".bin").anyMatch(path::endsWith);
        }

        /** What it is known by. */
        String etag() {
            return large ? sha256 : sha1;
        }

        InputStream open(long from) throws IOException {
            InputStream in = file.isPresent() ? Files.newInputStream(file.get()) : new ByteArrayInputStream(bytes);
            in.skipNBytes(from);
            return in;
        }
    }

    private final String name;
    private final SortedMap<String, Content> files = new TreeMap<>();
    private final Map<String, SortedMap<String, Content>> commits = new ConcurrentHashMap<>();
    private final Map<String, String> branches = new ConcurrentHashMap<>();
    private Access access = Access.PUBLIC;
    private Optional<String> licence = Optional.empty();

    public HubRepository(String name) {
        this.name = name;
    }

    /** What every model has, and an ONNX file of some bytes. */
    public static HubRepository small(String name) {
        return new HubRepository(name).put("config.json", "{\"model_type\": \"bert\"}").put("tokenizer.json", "{}")
                .put("tokenizer_config.json", "{\"model_max_length\": 512}").put("README.md", "a model")
                .put("model.safetensors", "weights of PyTorch").put("onnx/model.onnx", noise(name.hashCode(), 10_000));
    }

    public static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    public String name() {
        return name;
    }

    public HubRepository put(String path, String text) {
        return put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public HubRepository put(String path, byte[] bytes) {
        files.put(path, Content.of(path, bytes));
        return this;
    }

    public HubRepository put(String path, Path file) {
        files.put(path, Content.of(path, file));
        return this;
    }

    public HubRepository drop(String path) {
        files.remove(path);
        return this;
    }

    public HubRepository access(Access who) {
        access = who;
        return this;
    }

    public HubRepository licence(String text) {
        licence = Optional.of(text);
        return this;
    }

    /**
     * From now on the branch is what has been put.
     *
     * @return the commit
     */
    public String commit(String branch) {
        StringBuilder all = new StringBuilder();
        files.forEach((path, content) -> all.append(path).append(' ').append(content.sha1()).append('\n'));
        String commit = hash("SHA-1", name, all.toString().getBytes(StandardCharsets.UTF_8));
        commits.put(commit, new TreeMap<>(files));
        branches.put(branch, commit);
        return commit;
    }

    Access access() {
        return access;
    }

    Optional<String> licence() {
        return licence;
    }

    /** The commit that a branch or itself means. */
    Optional<String> resolve(String revision) {
        return Optional.ofNullable(branches.get(revision))
                .or(() -> commits.containsKey(revision) ? Optional.of(revision) : Optional.empty());
    }

    SortedMap<String, Content> files(String commit) {
        return commits.get(commit);
    }

    private static String hash(String algorithm, String before, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name + Arrays.toString(files.keySet().toArray());
    }
}
