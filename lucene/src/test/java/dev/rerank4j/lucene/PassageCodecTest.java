package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

class PassageCodecTest {

    private static final Passage EVERYTHING = new Passage("d/1", "d", "Title", "text 🍎", new Location("f.pdf",
            List.of("H1", "H2"), OptionalInt.of(7), 300, 70_000),
            Map.of("text", Value.of("x"), "number", Value.of(-1.5), "flag", Value.of(true),
                    "moment", Value.of(Instant.parse("2026-11-23T12:00:00.000000001Z")), "none",
                    new Value.Values(List.of()), "several",
                    new Value.Values(List.of(Value.of("b"), Value.of(2), Value.of(false), Value.of("a")))));

    @Test
    void everythingComesBack() throws Exception {
        assertEquals(EVERYTHING, roundTrip(EVERYTHING));
        Passage empty = Passage.of("i", "");
        assertEquals(empty, roundTrip(empty));
    }

    @Test
    void randomPassagesComeBack() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            Passage passage = new RandomPassages(new Random(seed)).passage("p" + seed, "d");
            assertEquals(passage, roundTrip(passage), "seed " + seed);
        }
    }

    @Test
    void extremesComeBack() throws Exception {
        Passage passage = new Passage(" i", "d ", "\u0000", "\uFFFF", new Location("", List.of(""),
                OptionalInt.of(Integer.MAX_VALUE), Integer.MAX_VALUE, Integer.MAX_VALUE),
                Map.of("", Value.of(Instant.ofEpochMilli(Long.MAX_VALUE)), "min",
                        Value.of(Instant.ofEpochMilli(Long.MIN_VALUE)), "tiny", Value.of(Double.MIN_VALUE)));
        assertEquals(passage, roundTrip(passage));
    }

    @Test
    void loneSurrogatesAreReplaced() throws Exception {
        Passage passage = new Passage("i", "d", "\uD83C", "a\uDF4Eb\uD83C\uDF4E\uD83C", new Location("\uDF4E",
                List.of("\uD83C\uD83C\uDF4E"), OptionalInt.empty(), 0, 0), Map.of("f", Value.of("\uD83C", "x")));
        Passage replaced = new Passage("i", "d", "\uFFFD", "a\uFFFDb\uD83C\uDF4E\uFFFD", new Location("\uFFFD",
                List.of("\uFFFD\uD83C\uDF4E"), OptionalInt.empty(), 0, 0), Map.of("f", Value.of("\uFFFD", "x")));
        assertEquals(replaced, roundTrip(passage));
    }

    @Test
    void equalPassagesHaveEqualBytesWhateverTheOrderOfTheirMetadata() {
        Map<String, Value> forward = new LinkedHashMap<>();
        Map<String, Value> backward = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            forward.put("f" + i, Value.of(i));
            backward.put("f" + (49 - i), Value.of(49 - i));
        }
        assertArrayEquals(
                PassageCodec.encode(new Passage("i", "d", "", "", Location.NONE, forward)),
                PassageCodec.encode(new Passage("i", "d", "", "", Location.NONE, backward)));
    }

    @Test
    void cutOffBytesAreRefused() {
        byte[] bytes = PassageCodec.encode(EVERYTHING);
        for (int length = 0; length < bytes.length; length++) {
            BytesRef cut = new BytesRef(Arrays.copyOf(bytes, length));
            assertThrows(CorruptIndexException.class, () -> PassageCodec.decode(cut), "length " + length);
        }
        assertThrows(CorruptIndexException.class,
                () -> PassageCodec.decode(new BytesRef(Arrays.copyOf(bytes, bytes.length + 1))));
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = PassageCodec.encode(EVERYTHING);
        bytes[0]++;
        assertThrows(CorruptIndexException.class, () -> PassageCodec.decode(new BytesRef(bytes)));
    }

    @Test
    void damagedBytesAreRefusedOrReadButNothingElse() {
        byte[] good = PassageCodec.encode(EVERYTHING);
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                PassageCodec.decode(new BytesRef(bad));
            } catch (CorruptIndexException refused) {
                // as it should be
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void fingerprintsAreTheSameEverywhereAndForever() {
        assertEquals("ff25db3169cb640879567546df5169b093ebb3f1600ae6758a0ea93d8590dafa",
                LuceneIndex.fingerprint(List.of(EVERYTHING, Passage.of("i", ""))));
    }

    @Test
    void fingerprintsTellPassagesApart() {
        Passage a = Passage.of("a", "x");
        Passage b = Passage.of("b", "x");
        assertNotEquals(LuceneIndex.fingerprint(List.of(a, b)), LuceneIndex.fingerprint(List.of(b, a)));
        assertNotEquals(LuceneIndex.fingerprint(List.of(a)), LuceneIndex.fingerprint(List.of(a, a)));
        assertNotEquals(LuceneIndex.fingerprint(List.of(a)), LuceneIndex.fingerprint(List.of(Passage.of("a", "y"))));
        assertNotEquals(LuceneIndex.fingerprint(List.of(a)), LuceneIndex.fingerprint(List.of(
                new Passage("a", "a", "", "x", Location.NONE, Map.of("f", Value.of(true))))));
    }

    private static Passage roundTrip(Passage passage) throws CorruptIndexException {
        byte[] bytes = PassageCodec.encode(passage);
        byte[] elsewhere = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, elsewhere, 3, bytes.length);
        return PassageCodec.decode(new BytesRef(elsewhere, 3, bytes.length));
    }
}
