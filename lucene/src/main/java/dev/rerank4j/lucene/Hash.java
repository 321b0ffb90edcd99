package dev.rerank4j.lucene;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of what has no natural short name. */
final class Hash {

    private Hash() {
    }

    /** Of the UTF-16 units: texts differ if their hashes do, also in lone surrogates. */
    static byte[] of(String text) {
        MessageDigest digest = sha256();
        for (int i = 0; i < text.length(); i++) {
            digest.update((byte) (text.charAt(i) >> 8));
            digest.update((byte) text.charAt(i));
        }
        return digest.digest();
    }

    /** Of passages in their order, in 64 hexadecimal digits. */
    static String of(List<byte[]> encodedPassages) {
        MessageDigest digest = sha256();
        for (byte[] passage : encodedPassages) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(passage.length).array());
            digest.update(passage);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
