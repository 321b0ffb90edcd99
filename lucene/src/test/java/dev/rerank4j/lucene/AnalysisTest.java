package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisTest {

    @Test
    void englishWordsAreFoundByTheirStemsAndStopWordsAreNoWords() {
        assertEquals(Map.of("run", 2, "dog", 1), terms("en", "The running dogs' RUNS"));
    }

    @Test
    void wordsThatQuestionsAreMadeOfDoNotCountInAnEnglishQuery() {
        assertEquals(Map.of("laptop", 1, "return", 2), queryTerms("en", "When do I return my laptop? Returning it"));
        assertEquals(Map.of("boss", 1), queryTerms("en", "Why isn't it the boss's?"));
        assertTrue(terms("en", "When do I return my laptop?").keySet().containsAll(Set.of("when", "do", "i", "my")));
    }

    @Test
    void aQueryOfNothingElseIsTakenByItsWords() {
        assertEquals(Map.of("who", 1, "am", 1, "i", 1), queryTerms("en", "Who am I?"));
        assertEquals(Map.of("you", 1), queryTerms("en", "will you")); // "will" is no word of any text
        assertEquals(Map.of(), queryTerms("en", "the of and"));
    }

    @Test
    void inOtherLanguagesQueriesAreTakenAsTextsAre() {
        for (String code : codes()) {
            if (!code.equals("en")) {
                String query = "What do I have to return, was ist das und warum";
                assertEquals(terms(code, query), queryTerms(code, query), code);
            }
        }
    }

    @Test
    void withoutALanguageWordsAreTakenAsTheyAre() {
        assertEquals(Set.of("the", "running", "dogs", "straße".replace("ß", "ss")),
                terms("", "The RUNNING dogs Straße").keySet());
    }

    @Test
    void aLanguageWithoutStemsOfItsOwnIsCutIntoWords() {
        assertEquals(Set.of("szybkie", "lisy"), terms("pl", "Szybkie lisy").keySet());
    }

    @Test
    void chineseIsCutIntoWords() {
        assertTrue(terms("zh", "我是中国人").containsKey("中国"));
    }

    @Test
    void emojiAndChineseThroughEnglishAreWords() {
        assertEquals(Set.of("🍎", "苹", "果"), terms("en", "🍎 苹果").keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx", "english", "en-US-x", " ", "e", "1"})
    void anUnknownLanguageIsAnErrorThatNamesTheKnownOnes(String code) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Languages.canonical(code));
        assertTrue(String.valueOf(e.getMessage()).contains("de, el, en, es,"), e::getMessage);
    }

    @Test
    void theCaseOfACodeDoesNotMatter() {
        assertEquals("en", Languages.canonical("EN"));
        assertEquals("pt-br", Languages.canonical("pt_BR"));
    }

    static List<String> codes() {
        List<String> codes = new ArrayList<>(Languages.supported());
        codes.add("");
        return codes;
    }

    @ParameterizedTest
    @MethodSource("codes")
    void noTextMakesATermThatLuceneCannotHold(String code) {
        for (String unit : List.of("x", "字", "ก", "あ", "ا", "🍎", "1", "\uD83C", "-", "á")) {
            for (String term : terms(code, unit.repeat(33_000)).keySet()) {
                int length = term.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(length <= IndexWriter.MAX_TERM_LENGTH, () -> "a term of " + length + " bytes of " + unit);
            }
        }
    }

    @Test
    void textsWithoutWordsHaveNoTerms() {
        for (String text : List.of("", " \n\t", "\u0000", "\uD83C", "?!.", "the of and")) {
            assertEquals(Map.of(), terms("en", text));
        }
    }

    @Test
    void matchesAreWhereWordsOfTheQueryStand() {
        assertEquals(List.of("Running", "runs"), matched("en", "who runs?", "Running is what he runs for, no rune"));
        assertEquals(List.of(), matched("en", "the", "the end"));
        assertEquals(List.of("laptop"), matched("en", "what about my laptop", "my laptop and what I think about"));
        assertEquals(List.of("How", "you"), matched("en", "how do you do", "How are you?"));
        assertEquals(List.of("🍎"), matched("en", "🍎", "an 🍎 a day"));
        assertEquals(List.of("苹果"), matched("en", "苹果", "吃苹果吧"));
        assertEquals(List.of("running"), matched("en", "running", "\uD83C\u0000 running \uDF4E"));
    }

    @Test
    void matchesAscendAndNeitherOverlapNorTouch() {
        try (Analysis analysis = new Analysis("ja")) { // pairs of characters overlap
            List<int[]> matches = analysis.matches("東京都庁", "東京都庁と東京、京都と都庁");
            int end = -1;
            for (int[] match : matches) {
                assertTrue(match[0] > end && match[1] > match[0]);
                end = match[1];
            }
            assertFalse(matches.isEmpty());
            assertEquals(4, matches.getFirst()[1]);
        }
    }

    private static Map<String, Integer> terms(String language, String text) {
        try (Analysis analysis = new Analysis(Languages.canonical(language))) {
            return analysis.terms(text);
        }
    }

    private static Map<String, Integer> queryTerms(String language, String query) {
        try (Analysis analysis = new Analysis(Languages.canonical(language))) {
            return analysis.queryTerms(query);
        }
    }

    private static List<String> matched(String language, String query, String text) {
        try (Analysis analysis = new Analysis(language)) {
            return analysis.matches(query, text).stream().map(m -> text.substring(m[0], m[1])).toList();
        }
    }
}
