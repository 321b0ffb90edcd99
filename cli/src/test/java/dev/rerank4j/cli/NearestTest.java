package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> KNOWN = List.of("limit", "depth", "timeout");

    @Test
    void aTypingErrorFindsWhatWasMeant() {
        assertEquals(Optional.of("limit"), Nearest.to("limt", KNOWN));
        assertEquals(Optional.of("limit"), Nearest.to("LIMIT", KNOWN));
        assertEquals(Optional.of("timeout"), Nearest.to("time-out", KNOWN));
    }

    @Test
    void somethingElseFindsNothing() {
        assertEquals(Optional.empty(), Nearest.to("category", KNOWN));
        assertEquals(Optional.empty(), Nearest.to("x", List.of()));
    }

    @Test
    void ofEquallyNearNamesTheFirstByAlphabetCounts() {
        assertEquals(Optional.of("aab"), Nearest.to("aaa", List.of("aac", "aab")));
    }

    @Test
    void theHintNamesTheNearestAndListsAllSorted() {
        assertEquals("; did you mean limit? known are depth, limit, timeout", Nearest.hint("limt", KNOWN));
        assertEquals("; known are depth, limit, timeout", Nearest.hint("category", KNOWN));
        assertEquals("; there are none", Nearest.hint("category", List.of()));
    }
}
