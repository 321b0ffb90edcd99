package dev.rerank4j.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether bytes are what an etag stands for: the SHA-256 of a large file, Git's SHA-1 of a small one (over {@code
 * "blob SIZE\0"} and the bytes), or, at some mirrors, the plain SHA-1. An etag that is none of them is matched by
 * anything.
 */
final class Checksum {

    private final String etag;
    private final List<MessageDigest> digests;

    Checksum(String etag, long size) {
        this.etag = etag;
        digests = switch (etag.length()) {
            case 64 -> List.of(digest("SHA-256"));
            case 40 -> {
                MessageDigest git = digest("SHA-1");
                git.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
                yield List.of(git, digest("SHA-1"));
            }
            default -> List.of();
        };
    }

    /** Takes what is between position and limit, and leaves them. */
    void update(ByteBuffer bytes) {
        for (MessageDigest digest : digests) {
            digest.update(bytes.duplicate());
        }
    }

    /** To be asked once, at the end. */
    boolean matches() {
        return digests.isEmpty() || Stream.of(digests).flatMap(List::stream)
                .anyMatch(digest -> HexFormat.of().formatHex(digest.digest()).equals(etag));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
