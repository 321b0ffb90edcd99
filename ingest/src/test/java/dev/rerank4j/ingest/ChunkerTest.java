package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rerank4j.Document;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    private static final Tokens TOKENS = TestTokens.PIECES;

    private static SectionedDocument plain(String title, String text) {
        return SectionedDocument.plain(new Document("d", title, text, Map.of()), "d.txt");
    }

    private static SectionedDocument markdown(String text) {
        Extract extract = Markdown.extract(text);
        return new SectionedDocument(new Document("d", extract.title(), text, Map.of()), "d.md", extract.sections());
    }

    private static List<String> texts(List<Passage> passages) {
        return passages.stream().map(Passage::text).toList();
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + i % 100).collect(Collectors.joining(" "));
    }

    @Test
    void aDocumentThatFitsIsOnePassageWithItsId() {
        SectionedDocument document = SectionedDocument.plain(
                new Document("d", "Title", "  Some text.\n", Map.of("k", Value.of("v"))), "docs/d.txt");
        Passage passage = new Passage("d", "d", "Title", "Some text.",
                new Location("docs/d.txt", List.of(), OptionalInt.empty(), 2, 12), Map.of("k", Value.of("v")));
        for (Chunker chunker : List.of(Chunker.structured(TOKENS, 20, 2), Chunker.tokens(TOKENS, 20, 2),
                Chunker.sentences(TOKENS, 20), Chunker.forWindow(TOKENS, 512))) {
            assertEquals(List.of(passage), chunker.chunk(document));
        }
    }

    @Test
    void emptyAndBlankDocumentsHaveNoPassages() {
        for (String text : List.of("", " \n\t ", "\u0000\u0000", "\u00A0\u2003")) {
            assertEquals(List.of(), Chunker.structured(TOKENS, 20, 2).chunk(plain("", text)));
            assertEquals(List.of(), Chunker.sentences(TOKENS, 20).chunk(plain(" ", text)));
        }
    }

    @Test
    void aTitleWithoutTextIsAPassageThatCanBeFound() {
        List<Passage> passages = Chunker.structured(TOKENS, 20, 2).chunk(plain("The title", "\n"));
        assertEquals(1, passages.size());
        assertEquals("The title", passages.getFirst().content());
        assertEquals("d", passages.getFirst().id());
    }

    @Test
    void sectionsBecomePassagesWithTheirHeadingPath() {
        SectionedDocument document = markdown("""
                # Handbook

                Welcome.

                ## Leave

                Thirty days.

                ### Sick leave

                Call in.

                ## Travel

                Second class.
                """);
        List<Passage> passages = Chunker.structured(TOKENS, 40, 4).chunk(document);
        assertEquals(List.of("d#1", "d#2", "d#3", "d#4"), passages.stream().map(Passage::id).toList());
        assertEquals(List.of("Welcome.", "Thirty days.", "Call in.", "Second class."), texts(passages));
        assertEquals(List.of(List.of(), List.of("Leave"), List.of("Leave", "Sick leave"), List.of("Travel")),
                passages.stream().map(passage -> passage.location().headings()).toList());
        assertEquals("Handbook Leave Sick leave Call in.", passages.get(2).content());
    }

    @Test
    void smallPagesUnderOneHeadingBecomeOnePassage() {
        String text = "One.\n\nTwo.\n\n" + words(30);
        Document document = new Document("d", "", text, Map.of());
        List<Section> sections = List.of(new Section(List.of(), OptionalInt.of(1), 0, 4),
                new Section(List.of(), OptionalInt.of(2), 6, 10),
                new Section(List.of(), OptionalInt.of(3), 12, text.length()));
        List<Passage> passages = Chunker.structured(TOKENS, 20, 0).chunk(new SectionedDocument(document, "", sections));
        assertEquals("One.\n\nTwo.", passages.get(0).text());
        assertEquals(OptionalInt.of(1), passages.get(0).location().page());
        assertEquals(OptionalInt.of(3), passages.get(1).location().page());
        assertTrue(passages.size() > 2, "a page of 30 tokens is no passage of 20");
    }

    @Test
    void longTextsAreCutAtSentencesWhereOneEndsNearTheLimit() {
        String sentence = "One two three four five six seven eight nine.";
        List<Passage> passages = Chunker.tokens(TOKENS, 32, 0).chunk(plain("", (sentence + " ").repeat(10)));
        assertEquals((sentence + " " + sentence), passages.getFirst().text(), "13 tokens each, and 32 fit");
        passages.forEach(passage -> assertTrue(passage.text().endsWith("."), passage.text()));
    }

    @Test
    void wholeSentencesArePacked() {
        String text = "Short one. Another sentence here. And now a third one, which is longer than both. The end.";
        List<Passage> passages = Chunker.sentences(TOKENS, 16).chunk(plain("", text));
        assertEquals(List.of("Short one. Another sentence here.", "And now a third one, which is longer than both.",
                "The end."), texts(passages));
    }

    @Test
    void aSentenceThatDoesNotFitIsCutBetweenWords() {
        List<Passage> passages = Chunker.sentences(TOKENS, 10).chunk(plain("", words(25) + "."));
        assertEquals(3, passages.size());
        passages.forEach(passage -> assertTrue(passage.text().matches("w\\d.*"), passage.text()));
    }

    @Test
    void chineseIsCutAtItsOwnFullStops() {
        String text = "我们每年有三十天假期。请病假要打电话。".repeat(3);
        List<Passage> passages = Chunker.sentences(TOKENS, 20).chunk(plain("", text));
        passages.forEach(passage -> assertTrue(passage.text().endsWith("。"), passage.text()));
        assertEquals(text, String.join("", texts(passages)));
    }

    @Test
    void neighboursShareTheOverlap() {
        List<Passage> passages = Chunker.tokens(TOKENS, 40, 10).chunk(plain("", words(200)));
        assertTrue(passages.size() > 4);
        for (int i = 1; i < passages.size(); i++) {
            int start = passages.get(i).location().start();
            int end = passages.get(i - 1).location().end();
            assertEquals(10, TOKENS.starts(words(200).substring(start, end)).length, "tokens shared with passage " + i);
        }
    }

    @Test
    void overlongTitlesAndHeadingsLeaveRoomForTheText() {
        String text = "# " + words(500) + "\n\n## Outer " + words(100) + "\n\n### Inner\n\n" + words(60);
        List<Passage> passages = Chunker.structured(TOKENS, 40, 0).chunk(markdown(text));
        Passage last = passages.getLast();
        assertEquals(List.of("Inner"), last.location().headings());
        assertTrue(last.title().startsWith("w0 w1"), last.title());
        for (Passage passage : passages) {
            assertTrue(TOKENS.starts(passage.content()).length <= 40, passage.content());
        }
        assertTrue(passages.size() <= 4, "most of each passage is text, got " + passages.size());
    }

    @Test
    void theDefaultIsAPassageThatIsAnAnswerAndLeavesRoomForAQuery() {
        assertEquals(192, longest(Chunker.forWindow(TOKENS, 512)), "a window with room to spare");
        assertEquals(192, longest(Chunker.forWindow(TOKENS, 192 + 67)), "a window that it just fits");
        assertEquals(191, longest(Chunker.forWindow(TOKENS, 191 + 67)), "a window that is shorter");
        assertThrows(IllegalArgumentException.class, () -> Chunker.forWindow(TOKENS, 74));
    }

    private static int longest(Chunker chunker) {
        return chunker.chunk(plain("Title", words(5_000))).stream()
                .mapToInt(passage -> TOKENS.starts(passage.content()).length).max().orElseThrow();
    }

    @Test
    void sizesThatMakeNoSenseAreMisuse() {
        assertEquals("size must be >= 8, got 7",
                assertThrows(IllegalArgumentException.class, () -> Chunker.sentences(TOKENS, 7)).getMessage());
        assertEquals("overlap must be 0 to half the size of 20, got 11",
                assertThrows(IllegalArgumentException.class, () -> Chunker.tokens(TOKENS, 20, 11)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Chunker.structured(TOKENS, 20, -1));
    }

    @Test
    void aMegabyteWithoutAPlaceToCutIsTokenizedAFewTimesOnly() {
        Map<String, String> hard = Map.of("one word", "x".repeat(1_000_000), "blanks",
                "a" + " ".repeat(1_000_000) + "b",
                "NUL", "a\u0000".repeat(500_000), "emoji", "\uD83D\uDE00".repeat(300_000),
                "lone surrogates", "\uD83D".repeat(500_000), "Chinese", "我们每年有三十天假期".repeat(50_000),
                "words", "word ".repeat(200_000), "lines", "\n\na".repeat(300_000));
        hard.forEach((name, text) -> {
            for (TestTokens kind : TestTokens.values()) {
                AtomicLong tokenized = new AtomicLong();
                Tokens counting = part -> {
                    tokenized.addAndGet(part.length());
                    return kind.starts(part);
                };
                SectionedDocument document = plain("Title", text);
                List<Passage> passages = Chunker.structured(counting, 256, 32).chunk(document);
                checkPromises(document, passages, kind, 256, name + " " + kind);
                assertTrue(tokenized.get() < 8L * text.length() + 100_000,
                        name + " " + kind + ": tokenized " + tokenized + " characters of " + text.length());
                assertTrue(passages.size() < text.length() / 40 + 10, name + " " + kind + ": " + passages.size());
            }
        });
    }

    @Test
    void whatIsPromisedHoldsForRandomDocuments() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            SectionedDocument document = randomDocument(random);
            TestTokens tokens = TestTokens.values()[random.nextInt(TestTokens.values().length)];
            int size = 16 + random.nextInt(60);
            int overlap = random.nextInt(size / 2 + 1);
            String name = "seed " + seed + " round " + round + " " + tokens + " size " + size + " overlap " + overlap;
            checkPromises(document, Chunker.structured(tokens, size, overlap).chunk(document), tokens, size, name);
            checkPromises(document, Chunker.tokens(tokens, size, overlap).chunk(document), tokens, size, name);
            List<Passage> sentences = Chunker.sentences(tokens, size).chunk(document);
            checkPromises(document, sentences, tokens, size, name);
            for (int i = 1; i < sentences.size(); i++) {
                assertTrue(sentences.get(i - 1).location().end() <= sentences.get(i).location().start(), name);
            }
        }
    }

    private static SectionedDocument randomDocument(Random random) {
        String[] alphabet = {"a", "word", "Sentence. ", " ", "  ", "\n", "\n\n", "\uD83D\uDE00", "\uD83D", "\uDE00",
                "\u0000", "我", "。", "\u00A0", "x".repeat(1 + random.nextInt(150)), ", ", "\t", "é", "? ", "don't "};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(300); i > 0; i--) {
            text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        Outline outline = new Outline();
        int position = 0;
        for (int i = random.nextInt(6); i > 0 && position < text.length(); i--) {
            int start = wholeCharacter(text, position + random.nextInt(text.length() - position));
            int end = wholeCharacter(text, Math.min(text.length(), start + random.nextInt(10)));
            if (random.nextBoolean()) {
                outline.heading(1 + random.nextInt(3), text.substring(start, end), start, end);
                position = end;
            } else {
                outline.page(i, start, random.nextBoolean());
                position = start;
            }
        }
        Document document = new Document("d", random.nextBoolean() ? "" : "Title word", text.toString(), Map.of());
        return new SectionedDocument(document, "f", outline.sections(text.toString(), 0, ""));
    }

    private static int wholeCharacter(CharSequence text, int index) {
        return cutsPair(text, index) ? index + 1 : index;
    }

    private static void checkPromises(SectionedDocument document, List<Passage> passages, Tokens tokens, int size,
            String name) {
        String text = document.document().text();
        boolean[] covered = new boolean[text.length()];
        int start = -1;
        int end = 0;
        List<String> ids = new ArrayList<>();
        for (Passage passage : passages) {
            Location location = passage.location();
            assertEquals(text.substring(location.start(), location.end()), passage.text(), name);
            ids.add(passage.id());
            if (!passage.text().isEmpty()) {
                assertTrue(location.start() > start && location.end() > end, name + ": ranges must ascend");
                assertFalse(Blanks.isBlank(passage.text().charAt(0)), name);
                assertFalse(Blanks.isBlank(passage.text().charAt(passage.text().length() - 1)), name);
                assertFalse(cutsPair(text, location.start()) || cutsPair(text, location.end()), name);
                assertEquals(document.sectionAt(location.start()).page(), location.page(), name);
                Arrays.fill(covered, location.start(), location.end(), true);
            }
            start = location.start();
            end = location.end();
            int count = tokens.starts(passage.content()).length;
            assertTrue(count <= size, name + ": a passage counts " + count + ", allowed are " + size);
        }
        for (Section section : document.sections()) {
            for (int i = section.start(); i < section.end(); i++) {
                if (!covered[i] && !Blanks.isBlank(text.charAt(i))) {
                    fail(name + ": character " + i + " is in no passage");
                }
            }
        }
        List<String> expected = passages.size() == 1
                ? List.of("d")
                : IntStream.rangeClosed(1, passages.size()).mapToObj(i -> "d#" + i).toList();
        assertEquals(expected, ids, name);
    }

    private static boolean cutsPair(CharSequence text, int index) {
        return index > 0 && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
    }
}
