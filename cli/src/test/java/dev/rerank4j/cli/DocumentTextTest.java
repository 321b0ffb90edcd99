package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.SectionedDocument;
import dev.rerank4j.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocumentTextTest {

    private static final String TEXT = "One two three. Four five six. Seven eight nine.";

    private static Passage passage(List<String> headings, int from, int to) {
        return new Passage("p" + from, "d", "The title", TEXT.substring(from, to),
                new Location("f", headings, OptionalInt.empty(), from, to), Map.of());
    }

    @Test
    void whatPassagesShareIsWrittenOnce() {
        assertEquals("# The title\n\n" + TEXT,
                DocumentText.of(List.of(passage(List.of(), 0, 29), passage(List.of(), 15, 47))));
        assertEquals("# The title\n\n" + TEXT, DocumentText
                .of(List.of(passage(List.of(), 0, 29), passage(List.of(), 4, 14), passage(List.of("x"), 15, 47))));
    }

    @Test
    void headingsStandWhereTheyChange() {
        assertEquals("""
                # The title

                ## A

                ### B

                One two three.

                ### C

                Four five six.

                ## D

                Seven eight nine.""",
                DocumentText.of(List.of(passage(List.of("A", "B"), 0, 14), passage(List.of("A", "C"), 15, 29),
                        passage(List.of("D"), 30, 47))));
    }

    @Test
    void ofPassagesThatStandNowhereEachIsAParagraph() {
        assertEquals("a\n\nb", DocumentText.of(List.of(Passage.of("a", "a"), Passage.of("b", "b"))));
        assertEquals("# T", DocumentText.of(List.of(new Passage("a", "a", "T", "", Location.NONE, Map.of()))));
    }

    @Test
    void ofATextThatIsCutNothingIsLost() {
        Pattern word = Pattern.compile("\\S+");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append("w").append(i).append(i % 7 == 0 ? ". " : i % 31 == 0 ? "\n\n" : " ");
        }
        Chunker chunker = Chunker.structured(
                part -> word.matcher(part).results().mapToInt(MatchResult::start).toArray(), 40, 5);
        List<Passage> passages = chunker
                .chunk(SectionedDocument.plain(new Document("d", "", text.toString(), Map.of()), ""));
        assertEquals(words(text.toString(), word), words(DocumentText.of(passages), word));
    }

    private static List<String> words(String text, Pattern word) {
        return new ArrayList<>(word.matcher(text).results().map(MatchResult::group).toList());
    }
}
