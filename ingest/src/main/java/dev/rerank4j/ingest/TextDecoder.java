package dev.rerank4j.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;
import org.apache.tika.parser.txt.UniversalEncodingDetector;

/**
 * Bytes to text: a byte order mark decides; then, for HTML, what the page says; then UTF-8, if the bytes are that; else
 * the likeliest encoding. Bytes without meaning in it become U+FFFD.
 */
final class TextDecoder {

    private static final int SAMPLE_BYTES = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextDecoder() {
    }

    static String decode(byte[] bytes, boolean html) {
        Optional<Charset> told = marked(bytes)
                .or(() -> html ? detect(bytes, List.of(new HtmlEncodingDetector())) : Optional.empty());
        if (told.isPresent()) {
            return withoutMark(new String(bytes, told.get()));
        }
        try {
            return strictUtf8(bytes);
        } catch (CharacterCodingException e) {
            Optional<Charset> likely = detect(bytes,
                    List.of(new UniversalEncodingDetector(), new Icu4jEncodingDetector()));
            return new String(bytes, likely.orElseGet(() -> Charset.forName("windows-1252")));
        }
    }

    /**
     * @throws CharacterCodingException if the bytes are not UTF-8
     */
    static String strictUtf8(byte[] bytes) throws CharacterCodingException {
        return withoutMark(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    }

    /** Whether the text is UTF-16 by its byte order mark. */
    static boolean isUtf16(byte[] start) {
        return marked(start).filter(charset -> !charset.equals(StandardCharsets.UTF_8)).isPresent();
    }

    private static Optional<Charset> marked(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(StandardCharsets.UTF_8);
        } else if (startsWith(bytes, 0xFE, 0xFF)) {
            return Optional.of(StandardCharsets.UTF_16BE);
        } else if (startsWith(bytes, 0xFF, 0xFE)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Charset> detect(byte[] bytes, List<EncodingDetector> detectors) {
        byte[] sample = bytes.length > SAMPLE_BYTES ? Arrays.copyOf(bytes, SAMPLE_BYTES) : bytes;
        for (EncodingDetector detector : detectors) {
            try {
                Optional<Charset> charset = Optional
                        .ofNullable(detector.detect(new ByteArrayInputStream(sample), new Metadata()));
                if (charset.isPresent()) {
                    return charset;
                }
            } catch (IOException e) {
                throw new IllegalStateException("reading from memory failed", e);
            }
        }
        return Optional.empty();
    }

    private static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
}
