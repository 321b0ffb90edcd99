package dev.rerank4j.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.util.BytesRef;

/**
 * A passage as bytes: a version, then the fields in the order of the record. Numbers are variable-length, texts are
 * length and UTF-8 with lone surrogates replaced by U+FFFD, metadata stands in the order of the field names. Equal
 * passages have equal bytes, on every machine: fingerprints are made of them.
 */
final class PassageCodec {

    private static final int VERSION = 1;

    private static final int TEXT = 1;
    private static final int NUMBER = 2;
    private static final int FLAG = 3;
    private static final int MOMENT = 4;
    private static final int VALUES = 5;

    private PassageCodec() {
    }

    static byte[] encode(Passage passage) {
        Output out = new Output();
        out.count(VERSION);
        out.text(passage.id());
        out.text(passage.documentId());
        out.text(passage.title());
        out.text(passage.text());
        Location location = passage.location();
        out.text(location.file());
        out.count(location.headings().size());
        location.headings().forEach(out::text);
        out.count(location.page().orElse(0)); // pages start at 1
        out.count(location.start());
        out.count(location.end());
        out.count(passage.metadata().size());
        new TreeMap<>(passage.metadata()).forEach((field, value) -> {
            out.text(field);
            out.value(value);
        });
        return out.bytes.toByteArray();
    }

    /**
     * @throws CorruptIndexException if these are not the bytes of a passage
     */
    static Passage decode(BytesRef bytes) throws CorruptIndexException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
            int version = count(in);
            if (version != VERSION) {
                throw new CorruptIndexException("stored passage has version " + version, "passage");
            }
            String id = text(in);
            String documentId = text(in);
            String title = text(in);
            String text = text(in);
            Location location = location(in);
            Passage passage = new Passage(id, documentId, title, text, location, metadata(in));
            if (in.hasRemaining()) {
                throw new CorruptIndexException("stored passage has bytes left over", "passage");
            }
            return passage;
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new CorruptIndexException("stored passage cannot be read", "passage", e);
        }
    }

    private static Location location(ByteBuffer in) {
        String file = text(in);
        int size = size(in);
        List<String> headings = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            headings.add(text(in));
        }
        int page = count(in);
        OptionalInt known = page == 0 ? OptionalInt.empty() : OptionalInt.of(page);
        return new Location(file, headings, known, count(in), count(in));
    }

    private static Map<String, Value> metadata(ByteBuffer in) {
        int size = size(in);
        Map<String, Value> metadata = new HashMap<>();
        for (int i = 0; i < size; i++) {
            metadata.put(text(in), value(in));
        }
        return metadata;
    }

    private static Value value(ByteBuffer in) {
        byte kind = in.get();
        return switch (kind) {
            case TEXT -> new Value.Text(text(in));
            case NUMBER -> new Value.Number(in.getDouble());
            case FLAG -> new Value.Flag(in.get() != 0);
            case MOMENT -> new Value.Moment(Instant.ofEpochSecond(in.getLong(), in.getInt()));
            case VALUES -> {
                int size = size(in);
                List<Value> values = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    values.add(value(in));
                }
                yield new Value.Values(values);
            }
            default -> throw new IllegalArgumentException("unknown kind of value " + kind);
        };
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = new byte[size(in)];
        in.get(utf8);
        return new String(utf8, UTF_8);
    }

    /** A count of things of at least one byte each: checked before anything is allocated for them. */
    private static int size(ByteBuffer in) {
        int size = count(in);
        if (size > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return size;
    }

    private static int count(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException("not a count");
    }

    private static final class Output {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

        void count(int value) {
            int rest = value;
            while (rest > 0x7F) {
                bytes.write(rest & 0x7F | 0x80);
                rest >>>= 7;
            }
            bytes.write(rest);
        }

        void text(String text) {
            byte[] utf8 = WellFormed.of(text).getBytes(UTF_8);
            count(utf8.length);
            bytes.writeBytes(utf8);
        }

        void value(Value value) {
            switch (value) {
                case Value.Text text -> {
                    bytes.write(TEXT);
                    text(text.value());
                }
                case Value.Number number -> {
                    bytes.write(NUMBER);
                    bytes.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number.value()).array());
                }
                case Value.Flag flag -> {
                    bytes.write(FLAG);
                    bytes.write(flag.value() ? 1 : 0);
                }
                case Value.Moment moment -> {
                    bytes.write(MOMENT);
                    bytes.writeBytes(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                            .putLong(moment.value().getEpochSecond()).putInt(moment.value().getNano()).array());
                }
                case Value.Values several -> {
                    bytes.write(VALUES);
                    count(several.values().size());
                    several.values().forEach(this::value);
                }
            }
        }
    }
}
