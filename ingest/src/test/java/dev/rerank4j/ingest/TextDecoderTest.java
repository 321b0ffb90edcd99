package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextDecoderTest {

    private static final String GERMAN = "Für jeden Beschäftigten gilt: Über längere Abwesenheit müssen die "
            + "Führungskräfte unverzüglich unterrichtet werden. Die Kündigungsfrist beträgt vier Wochen.";

    @Test
    void utf8IsReadWithAndWithoutItsMark() {
        assertEquals("é\uD83D\uDE00", TextDecoder.decode("é\uD83D\uDE00".getBytes(StandardCharsets.UTF_8), false));
        assertEquals("é", TextDecoder.decode("\uFEFFé".getBytes(StandardCharsets.UTF_8), false));
        assertEquals("", TextDecoder.decode(new byte[0], false));
    }

    @Test
    void utf16IsReadWithItsMark() {
        assertEquals("Straße 我", TextDecoder.decode("\uFEFFStraße 我".getBytes(StandardCharsets.UTF_16LE), false));
        assertEquals("Straße 我", TextDecoder.decode("\uFEFFStraße 我".getBytes(StandardCharsets.UTF_16BE), false));
    }

    @Test
    void olderEncodingsAreRecognised() {
        assertEquals(GERMAN, TextDecoder.decode(GERMAN.getBytes(Charset.forName("windows-1252")), false));
        String japanese = "有給休暇は年間三十日です。病気の場合は電話してください。".repeat(5);
        assertEquals(japanese, TextDecoder.decode(japanese.getBytes(Charset.forName("Shift_JIS")), false));
    }

    @Test
    void whatAPageSaysOfItselfComesFirst() {
        byte[] page = "<meta charset=\"iso-8859-2\"><p>ď".getBytes(Charset.forName("iso-8859-2"));
        assertEquals("<meta charset=\"iso-8859-2\"><p>ď", TextDecoder.decode(page, true));
    }

    @Test
    void bytesThatAreNoTextAreStillDecoded() {
        byte[] bytes = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, 'a', (byte) 0xFF, 'b'};
        assertEquals("a\uFFFDb", TextDecoder.decode(bytes, false));
    }
}
