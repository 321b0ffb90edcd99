package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordMatcherTest {

    private static List<String> found(String language, String query, String text) {
        try (WordMatcher words = WordMatcher.of(language)) {
            return words.matches(query, text).stream().map(range -> text.substring(range[0], range[1])).toList();
        }
    }

    @Test
    void wordsAreFoundAsAnIndexOfTheLanguageFindsThem() {
        assertEquals(List.of("running"), found("en", "who runs?", "They were running."));
        assertEquals(List.of("Häuser"), found("de", "das Haus", "Die Häuser stehen."));
        assertEquals(List.of("run"), found("", "RUN", "run running"));
        assertEquals(List.of(), found("en", "", "text"));
    }

    @Test
    void aLanguageThatThereIsNotIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> WordMatcher.of("english"));
    }

    @Test
    void closedItIsNotUsedAnyMore() {
        WordMatcher words = WordMatcher.of("en");
        words.close();
        words.close();
        assertThrows(IllegalStateException.class, () -> words.matches("a", "b"));
    }
}
