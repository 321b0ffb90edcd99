package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Filter;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Value;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageCheckTest {

    private static final Query GERMAN = Query.of("Wie viele Urlaubstage habe ich im Jahr?");
    private static final Query ENGLISH = Query.of("How many days of leave do I have in a year?");

    @TempDir
    private Path folder;

    private LuceneIndex index;

    @BeforeEach
    void open() {
        index = LuceneIndex.open(folder.resolve("index"), new WordEncoder(), "");
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void add(String language, int passages) {
        index.add(IntStream.range(0, passages).mapToObj(i -> new Passage(language + i, language + i, "", "text",
                Location.NONE,
                language.isEmpty() ? Map.<String, Value>of() : Map.of("language", Value.of(language)))).toList());
        index.commit();
    }

    private Optional<String> reason(Query query) {
        return reason(query, "en");
    }

    private Optional<String> reason(Query query, String... known) {
        return new LanguageCheck(new EmbeddedIndex(index),
                Map.of("vector", new LanguageCheck.Model("tiny", Set.of(known))))
                .reasonToSkip("vector", query);
    }

    @Test
    void nothingIsSkippedInAnIndexWithoutTexts() {
        assertEquals(Optional.empty(), reason(GERMAN));
    }

    @Test
    void ofTextsThatTheModelDoesNotKnowItIsNotAskedWhateverTheQuery() {
        add("de", 9);
        add("en", 1);
        for (Query query : new Query[]{GERMAN, ENGLISH, Query.of("4711")}) {
            assertEquals(Optional.of("the texts are German (de), and tiny knows only English (en)"), reason(query));
        }
    }

    @Test
    void ofTextsThatTheModelKnowsItIsAskedWhateverTheQuery() {
        add("de", 1);
        add("en", 9);
        for (Query query : new Query[]{GERMAN, ENGLISH, Query.of("déjà vu")}) {
            assertEquals(Optional.empty(), reason(query));
        }
    }

    @Test
    void amongBothTheQueryDecidesWhereItIsSure() {
        add("de", 5);
        add("en", 5);
        assertEquals(Optional.of("the query is German (de), and tiny knows only English (en)"), reason(GERMAN));
        assertEquals(Optional.empty(), reason(ENGLISH));
        assertEquals(Optional.empty(), reason(Query.of("Berlin")));
        assertEquals(Optional.empty(), reason(Query.of("Combien de jours de congé ai-je par an ?")),
                "no text is French: the query may be anything");
    }

    @Test
    void theFilterDecidesWhichTextsCount() {
        add("de", 5);
        add("en", 5);
        assertEquals(Optional.of("the texts are German (de), and tiny knows only English (en)"),
                reason(new Query("4711", new Filter.Equal("language", Value.of("de")))));
        assertEquals(Optional.empty(),
                reason(new Query(GERMAN.text(), new Filter.Equal("language", Value.of("en")))));
    }

    @Test
    void severalUnknownLanguagesAreNamedTheMostFrequentFirst() {
        add("de", 8);
        add("fr", 31);
        add("es", 40);
        add("it", 1);
        assertEquals(Optional.of("the texts are Spanish (es), French (fr) and German (de), and tiny knows only "
                + "English (en) and Finnish (fi)"), reason(ENGLISH, "fi", "en"));
    }

    @Test
    void whatIsNotKnownSkipsNothing() {
        add("de", 4);
        add("", 5);
        assertEquals(Optional.empty(), reason(GERMAN), "most texts are in no known language");
        assertEquals(Optional.empty(), reason(GERMAN, new String[0]), "the model's languages are unknown");
        assertEquals(Optional.empty(),
                new LanguageCheck(new EmbeddedIndex(index), Map.of()).reasonToSkip("bm25", GERMAN));
    }

    @Test
    void aFieldOfThePeopleIsUnderstoodWhereItIsACode() {
        add("de-AT", 5);
        add("DE_ch", 4);
        add("deutsch", 1);
        assertEquals(Map.of("de", 9), TextLanguages.of(new EmbeddedIndex(index)).counts());
        assertEquals(Optional.of("the texts are German (de), and tiny knows only English (en)"), reason(ENGLISH));
    }

    @Test
    void theSummaryNamesSharesAndAnalysis() {
        assertEquals("texts: of unknown language; words as they are",
                TextLanguages.of(new EmbeddedIndex(index)).summary(""));
        add("de", 97);
        add("en", 2);
        add("", 1);
        assertEquals("texts: German (de) 97 %; words analysed as German (de)",
                TextLanguages.of(new EmbeddedIndex(index)).summary("de"));
    }
}
