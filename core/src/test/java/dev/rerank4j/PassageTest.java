package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Passage}, {@link Document} and {@link Location}. */
class PassageTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "Handbook, Leave/Parents, six weeks, Handbook Leave Parents six weeks",
            "Handbook, '', six weeks, Handbook six weeks",
            "'', Leave, six weeks, Leave six weeks",
            "'', '', six weeks, six weeks",
            "Handbook, '', '', Handbook",
            "'', '', '', ''",
            "' ', '', six weeks, '  six weeks'",
            "a, b, ' c ', 'a b  c '"})
    void contentIsTitleHeadingsAndText(String title, String headings, String text, String expected) {
        Location location = new Location("", List.of(headings.split("/")), OptionalInt.empty(), 0, 0);
        assertEquals(expected, new Passage("p", "d", title, text, location, Map.of()).content());
    }

    @Test
    void aPassageOfATextIsItsWholeDocument() {
        Passage passage = Passage.of("p", "text");
        assertEquals("p", passage.documentId());
        assertEquals("text", passage.content());
        assertEquals(Location.NONE, passage.location());
    }

    @Test
    void metadataAndHeadingsAreCopied() {
        Map<String, Value> metadata = new HashMap<>(Map.of("a", Value.of(1)));
        List<String> headings = new ArrayList<>(List.of("h"));
        Location location = new Location("f", headings, OptionalInt.of(1), 0, 1);
        Passage passage = new Passage("p", "d", "", "", location, metadata);
        Document document = new Document("d", "", "", metadata);
        metadata.clear();
        headings.clear();
        assertEquals(Map.of("a", Value.of(1)), passage.metadata());
        assertEquals(Map.of("a", Value.of(1)), document.metadata());
        assertEquals(List.of("h"), location.headings());
        assertThrows(UnsupportedOperationException.class, () -> passage.metadata().clear());
        assertThrows(UnsupportedOperationException.class, () -> document.metadata().clear());
        assertThrows(UnsupportedOperationException.class, () -> location.headings().clear());
    }

    @Test
    void idsAreNotBlank() {
        misuse("passage id must not be blank", () -> Passage.of("", "text"));
        misuse("passage id must not be blank", () -> Passage.of("\n", "text"));
        misuse("document id of passage p must not be blank",
                () -> new Passage("p", " ", "", "", Location.NONE, Map.of()));
        misuse("document id must not be blank", () -> Document.of(" ", "text"));
    }

    @Test
    void locationsAreWithinADocument() {
        misuse("character range must be 0 <= start <= end, got -1..0", () -> location(-1, 0, OptionalInt.empty()));
        misuse("character range must be 0 <= start <= end, got 5..4", () -> location(5, 4, OptionalInt.empty()));
        misuse("page must be >= 1, got 0", () -> location(0, 0, OptionalInt.of(0)));
        assertEquals(4, location(4, 4, OptionalInt.of(1)).end());
    }

    private static Location location(int start, int end, OptionalInt page) {
        return new Location("", List.of(), page, start, end);
    }

    private static void misuse(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
