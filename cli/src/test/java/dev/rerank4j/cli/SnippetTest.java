package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SnippetTest {

    private static final String FILLER = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr. ".repeat(8);

    private static Snippet.Words words(String... words) {
        Pattern any = Pattern.compile("(?i)\\b(" + String.join("|", words) + ")\\b");
        return text -> {
            List<int[]> found = new ArrayList<>();
            Matcher matcher = any.matcher(text);
            while (matcher.find()) {
                found.add(new int[]{matcher.start(), matcher.end()});
            }
            return found;
        };
    }

    private static String marked(Snippet snippet) {
        return String.join("\n", snippet.styled(true)).replace("\u001b[1;4m", "<").replace("\u001b[0m", ">");
    }

    @Test
    void aShortPassageIsShownWhole() {
        Snippet snippet = Snippet.of("Fourteen weeks\nof leave.", words("leave", "weeks"), 40, 3);
        assertEquals("Fourteen <weeks> of <leave>.", marked(snippet));
        assertEquals(List.of("Fourteen weeks of leave."), snippet.styled(false));
    }

    @Test
    void ofALongPassageTheLinesWithMostDifferentWordsAreShown() {
        String text = FILLER + "Leave, leave, leave. " + FILLER + "Parents get weeks of leave. " + FILLER;
        String shown = marked(Snippet.of(text, words("parents", "weeks", "leave"), 40, 3));
        assertTrue(shown.contains("<Parents> get <weeks> of"), shown);
        assertTrue(shown.startsWith("… "), shown);
        assertTrue(shown.endsWith(" …"), shown);
        assertEquals(3, shown.lines().count());
    }

    @Test
    void withoutAMatchTheBeginningIsShown() {
        String shown = marked(Snippet.of(FILLER, text -> List.of(), 40, 3));
        assertTrue(shown.startsWith("Lorem ipsum"), shown);
        assertTrue(shown.endsWith(" …"), shown);
    }

    @Test
    void theEndOfAPassageFillsItsLines() {
        String shown = marked(Snippet.of(FILLER + "the needle", words("needle"), 40, 3));
        assertTrue(shown.endsWith("<needle>"), shown);
        assertTrue(shown.lines().count() >= 2, shown);
    }

    @Test
    void anEmptyPassageHasNoLines() {
        assertEquals(List.of(), Snippet.of(" \n ", words("a"), 40, 3).styled(true));
    }

    @Test
    void ofAnyTextTheLinesFitAndTheMarksAreTheWords() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] vocabulary = {"hit", "Hit", "miss", "a", "somewhat", "数据", "extraordinarily", "end.", "x".repeat(50)};
        for (int run = 0; run < 1000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(vocabulary[random.nextInt(vocabulary.length)]).append(random.nextInt(9) == 0 ? "\n" : " ");
            }
            int columns = 30 + random.nextInt(60);
            Snippet snippet = Snippet.of(text.toString(), words("hit"), columns, 3);
            List<String> plain = snippet.styled(false);
            assertTrue(plain.size() <= 3, () -> "seed " + seed);
            for (String line : plain) {
                assertTrue(TextLayout.columns(line) <= columns, () -> "seed " + seed + ": " + line);
            }
            for (TextLayout.Span mark : snippet.marks()) {
                String word = snippet.text().substring(mark.start(), mark.end());
                assertEquals("hit", word.toLowerCase(), () -> "seed " + seed);
            }
            boolean any = words("hit").in(TextLayout.printable(text.toString())).isEmpty();
            assertEquals(any, snippet.marks().isEmpty(), () -> "seed " + seed + ": " + text);
        }
    }
}
