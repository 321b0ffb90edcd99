package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.Deadline;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.eval.KnownItem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownItemsTest {

    private static final List<String> WORDS = IntStream.range(0, 400).mapToObj(KnownItemsTest::word).toList();

    private static String word(int number) {
        String syllables = "bakedifogulamonepurisotave";
        StringBuilder word = new StringBuilder();
        for (int rest = number + 13; rest > 0; rest /= 13) {
            word.append(syllables, rest % 13 * 2, rest % 13 * 2 + 2);
        }
        return word + "n";
    }

    private static Passage passage(String document, int number, String title, String heading, String text) {
        return new Passage(document + "#" + number, document, title, text,
                new Location("", heading.isEmpty() ? List.of() : List.of(heading), OptionalInt.empty(), 0,
                        text.length()),
                Map.of());
    }

    /** Documents of three passages with words that are rarer the later they stand in the list. */
    private static List<Passage> collection(int documents) {
        Random random = new Random(99);
        List<Passage> passages = new ArrayList<>();
        for (int d = 0; d < documents; d++) {
            for (int p = 1; p <= 3; p++) {
                String text = sentence(random, 12) + " " + sentence(random, 9) + " " + sentence(random, 15);
                passages.add(passage("doc" + d, p, "About " + word(d + 20) + " and " + word(d + 21), "Chapter " + p
                        + " of " + word(d * 3 + p), text));
            }
        }
        return passages;
    }

    private static String sentence(Random random, int length) {
        StringBuilder sentence = new StringBuilder("The");
        for (int i = 1; i < length; i++) {
            sentence.append(' ').append(WORDS.get((int) (random.nextDouble() * random.nextDouble() * WORDS.size())));
        }
        return sentence.append('.').toString();
    }

    private static KnownItems generate(List<Passage> passages, int wanted, long seed) {
        return KnownItems.generate(passages, wanted, seed, made -> {
        });
    }

    @Test
    void everyDocumentHasItsTurnBeforeAnyHasASecond() {
        List<Passage> passages = collection(30);
        assertEquals(30, documents(generate(passages, 30, 1)).size());
        KnownItems items = generate(passages, 70, 1);
        assertEquals(70, items.items().size());
        Map<String, Long> perDocument = items.items().stream()
                .collect(Collectors.groupingBy(KnownItem::documentId, Collectors.counting()));
        assertTrue(perDocument.values().stream().allMatch(count -> count == 2 || count == 3), perDocument.toString());
    }

    private static Set<String> documents(KnownItems items) {
        return items.items().stream().map(KnownItem::documentId).collect(Collectors.toSet());
    }

    @Test
    void kindsTakeTurns() {
        Map<Kind, Long> kinds = generate(collection(60), 40, 7).items().stream()
                .collect(Collectors.groupingBy(KnownItem::kind, Collectors.counting()));
        assertEquals(EnumSet.of(Kind.TITLE, Kind.HEADING, Kind.SENTENCE, Kind.PHRASE), kinds.keySet());
        assertTrue(kinds.values().stream().allMatch(count -> count >= 8 && count <= 12), kinds.toString());
    }

    @Test
    void equalSeedsGiveEqualQueriesInWhateverOrderThePassagesCome() {
        List<Passage> passages = collection(200);
        List<Passage> shuffled = new ArrayList<>(passages);
        Collections.shuffle(shuffled, new Random(5));
        KnownItems items = generate(passages, 50, 3);
        assertEquals(items, generate(passages, 50, 3));
        assertEquals(items, generate(shuffled, 50, 3));
        assertNotEquals(items.items(), generate(passages, 50, 4).items());
    }

    @Test
    void noQueryFitsASecondDocument() {
        Passage one = passage("a", 1, "How to bake bread", "Before you start",
                "Mix flour, water, salt and yeast until the dough comes off the bowl. Wait an hour.");
        Passage twin = passage("b", 1, "how to  Bake bread!", "Before you start",
                "Long ago somebody wrote another page of this very name about stones and ovens.");
        Passage copy = passage("c", 1, "Bread again", "",
                "Found elsewhere: mix flour, water, salt and yeast until the dough comes off the bowl.");
        List<KnownItem> items = generate(List.of(one, twin, copy), 100, 1).items();
        assertEquals(Set.of("a", "b", "c"), items.stream().map(KnownItem::documentId).collect(Collectors.toSet()));
        for (KnownItem item : items) {
            assertFalse(item.text().equalsIgnoreCase("how to bake bread"), item.toString());
            assertFalse(item.text().equals("Before you start"), item.toString());
            // Its first sentence is the copy's as well.
            assertFalse(item.documentId().equals("a") && item.kind() == Kind.SENTENCE, item.toString());
        }
        assertTrue(items.stream().anyMatch(item -> item.text().equals("Bread again")));
    }

    @Test
    void aTitleOfOneDocumentsManyPassagesIsItsOwn() {
        List<Passage> passages = collection(1);
        List<KnownItem> titles = generate(passages, 20, 1).items().stream()
                .filter(item -> item.kind() == Kind.TITLE).toList();
        assertEquals(1, titles.size());
        assertEquals(passages.getFirst().title(), titles.getFirst().text());
    }

    @Test
    void textsAreDistinctAndShortenedAndComeFromTheirPassage() {
        List<Passage> passages = collection(40);
        Map<String, Passage> byId = passages.stream().collect(Collectors.toMap(Passage::id, passage -> passage));
        Set<Long> texts = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (KnownItem item : generate(passages, 300, 11).items()) {
            Passage passage = byId.get(item.passageId());
            assertEquals(passage.documentId(), item.documentId());
            assertTrue(texts.add(KnownItemWords.sequence(item.text())), item.toString());
            assertTrue(ids.add(item.id()), item.toString());
            int words = item.text().split(" ").length;
            switch (item.kind()) {
                case TITLE -> assertEquals(passage.title(), item.text());
                case HEADING -> assertEquals(passage.location().headings().getLast(), item.text());
                case PHRASE -> assertTrue(words >= 2 && words <= 5, item.toString());
                case SENTENCE -> assertEquals(8, words, item.toString()); // of twelve
                case QUESTION -> throw new AssertionError(item);
            }
            for (String word : item.text().split(" ")) {
                assertTrue(passage.content().contains(word), item.toString());
            }
        }
        assertTrue(texts.size() > 200, "made " + texts.size());
    }

    @Test
    void whatHasNoWordsGivesNoQuery() {
        List<Passage> passages = List.of(passage("numbers", 1, "A fine title", "", "1 2 3 4 5 6 7 8 9 10 11 12"),
                passage("short", 1, "Another fine title", "", "Too short."),
                passage("empty", 1, "The third title", "", ""),
                passage("tab\there", 1, "The fourth title", "", "Nobody could write this id into a file of judgments."),
                passage("good", 1, "notes_final.txt", "Overview",
                        "The harbour master counts the boats every evening."));
        KnownItems items = generate(passages, 10, 1);
        assertEquals(Set.of("good"), documents(items));
        // A file's name and a single word are no queries.
        assertEquals(EnumSet.of(Kind.SENTENCE, Kind.PHRASE),
                EnumSet.copyOf(items.items().stream().map(KnownItem::kind).toList()));
        assertTrue(items.notes().get(1).startsWith("only 2 of 10 queries could be made"), items.notes().get(1));
    }

    @Test
    void nothingGivesNothingAndSaysThatItIsSynthetic() {
        KnownItems items = generate(List.of(), 5, 1);
        assertEquals(List.of(), items.items());
        assertTrue(items.notes().getFirst().startsWith("the queries are synthetic"));
        assertThrows(IllegalArgumentException.class, () -> generate(List.of(), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> generate(List.of(), KnownItems.MOST + 1, 1));
    }

    @Test
    void phrasesAreWhatSetsAPassageApart() {
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String topic = i % 10 == 0 ? "turbine blades and turbine bearings" : "the usual things of the week";
            passages.add(passage("d" + i, 1, "", "", "Everybody in the team writes about " + topic + " number " + i
                    + " and about everything else that happened."));
        }
        KnownItemCounts counts = new KnownItemCounts();
        passages.forEach(passage -> counts.add(KnownItemWords.distinct(passage.content())));
        String text = passages.getFirst().text();
        assertEquals("turbine blades bearings",
                KnownItemWords.join(text, new KeyPhrases(counts).of(text, 3)));
    }

    @Test
    void ofWordsThatNobodyElseHasOneIsEnough() {
        List<Passage> passages = new ArrayList<>(collection(40));
        Passage odd = passage("odd", 1, "", "", "The zyxomatic quuxlers frobnicate " + String.join(" ", WORDS
                .subList(0, 12)) + " vorpally.");
        passages.add(odd);
        KnownItemCounts counts = new KnownItemCounts();
        passages.forEach(passage -> counts.add(KnownItemWords.distinct(passage.content())));
        List<String> phrase = List.of(KnownItemWords.join(odd.text(), new KeyPhrases(counts).of(odd.text(), 4))
                .split(" "));
        assertEquals(1, phrase.stream()
                .filter(List.of("zyxomatic", "quuxlers", "frobnicate", "vorpally")::contains).count(),
                phrase.toString());
    }

    @Test
    void chineseGivesQueriesOfWholeCharacters() {
        List<Passage> passages = List.of(
                passage("zh1", 1, "城市图书馆的开放时间", "", "城市图书馆每天上午九点开门，晚上八点关门。节假日请先打电话询问。"),
                passage("zh2", 1, "怎样种番茄", "", "番茄喜欢阳光，种子在三月播在室内，五月移到花园里。每天早上浇水一次。"),
                passage("zh3", 1, "雨天骑车", "", "下雨的时候路面很滑，刹车要比平时早，速度也要慢一些。穿一件亮色的雨衣。"));
        KnownItems items = generate(passages, 9, 1);
        assertEquals(3, documents(items).size());
        assertTrue(items.items().stream().anyMatch(item -> item.kind() == Kind.PHRASE));
        for (KnownItem item : items.items()) {
            Passage source = passages.stream().filter(passage -> passage.id().equals(item.passageId())).findFirst()
                    .orElseThrow();
            for (String part : item.text().split(" ")) {
                assertTrue(part.length() >= 2 && source.content().contains(part), item.toString());
            }
            assertFalse(item.kind() == Kind.SENTENCE && item.text().length() > 18, item.toString());
        }
    }

    @Test
    void ofALargeCollectionOnlyAFewPassagesAreHeld() {
        KnownItemSample sample = new KnownItemSample(10, 1);
        String text = "x".repeat(10_000);
        for (int i = 0; i < 100_000; i++) {
            // 1 GB of it, if all were kept: more than a test may use.
            sample.offer(passage("d" + i % 50_000, i, "", "", text + i));
        }
        assertEquals(36, sample.documents().size());
        assertTrue(sample.documents().stream().allMatch(kept -> kept.size() == 2));
    }

    @Test
    void oneDocumentOfManyPassagesGivesAsManyAsAreWanted() {
        KnownItemSample sample = new KnownItemSample(10, 1);
        IntStream.range(0, 1_000).forEach(i -> sample.offer(passage("only", i, "", "", "text " + i)));
        assertEquals(List.of(40), sample.documents().stream().map(List::size).toList());
        sample.offer(passage("second", 1, "", "", "text"));
        assertEquals(Set.of(20, 1), sample.documents().stream().map(List::size).collect(Collectors.toSet()));
    }

    @Test
    void passagesAreGoneThroughTwice() {
        List<Passage> passages = collection(5);
        int[] times = {0};
        Iterable<Passage> counted = () -> {
            times[0]++;
            Iterator<Passage> iterator = passages.iterator();
            return iterator;
        };
        List<Integer> made = new ArrayList<>();
        KnownItems.generate(counted, 4, 1, made::add);
        assertEquals(2, times[0]);
        assertEquals(List.of(1, 2, 3, 4), made);
    }

    @Test
    void filesCanBeReadAgainAndAreNeverWrittenOver(@TempDir Path folder) throws IOException {
        KnownItems items = new KnownItems(List.of(
                new KnownItem("known-1", "straße <b>&\"quoted\"", Kind.TITLE, "a b/c.md", "a b/c.md#1"),
                new KnownItem("known-2", "图书馆", Kind.PHRASE, "d", "d")), List.of());
        items.write(folder.resolve("new/queries"));
        List<String> lines = Files.readAllLines(folder.resolve("new/queries/queries.jsonl"));
        JsonObject first = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
        assertEquals("known-1", first.get("_id").getAsString());
        assertEquals("straße <b>&\"quoted\"", first.get("text").getAsString());
        assertEquals("{\"_id\":\"known-2\",\"text\":\"图书馆\",\"metadata\":{\"synthetic\":true,\"kind\":\"phrase\","
                + "\"document\":\"d\",\"passage\":\"d\"}}", lines.get(1));
        Qrels qrels = Qrels.read(folder.resolve("new/queries/qrels/test.tsv"));
        assertEquals(Map.of("a b/c.md", 1), qrels.grades("known-1"));
        assertEquals(items.qrels().queries(), qrels.queries());
        RerankException refused = assertThrows(RerankException.class, () -> items.write(folder.resolve("new/queries")));
        assertEquals(RerankException.Kind.INVALID_REQUEST, refused.kind());
        assertEquals(lines, Files.readAllLines(folder.resolve("new/queries/queries.jsonl")));
    }

    /** Answers each question with what a test says. */
    private record Saying(java.util.function.Function<String, String> answers) implements LanguageModel {
        @Override
        public String name() {
            return "test-model";
        }

        @Override
        public String answer(String instructions, String text, Deadline deadline) {
            return answers.apply(text);
        }
    }

    @Test
    void withALanguageModelQuestionsComeFirst() {
        List<Passage> passages = collection(10);
        KnownItems items = KnownItems.generate(passages, 10, 1,
                new Saying(text -> "what is said of number " + Math.floorMod(text.hashCode(), 1_000_000)), made -> {
                });
        assertTrue(items.items().stream().allMatch(item -> item.kind() == Kind.QUESTION));
        assertEquals(10, documents(items).size());
        assertTrue(items.notes().getLast().contains("test-model with the prompt known-item-v1"), items.notes()
                .toString());
    }

    @Test
    void whatItSaysTwiceIsNoQueryOfTwoDocuments() {
        KnownItems items = KnownItems.generate(collection(10), 10, 1, new Saying(text -> "where is the boat"), made -> {
        });
        assertEquals(10, items.items().size());
        assertEquals(1, items.items().stream().filter(item -> item.kind() == Kind.QUESTION).count());
    }

    @Test
    void aModelThatFailsIsReplacedAndCounted() {
        int[] asked = {0};
        KnownItems items = KnownItems.generate(collection(20), 20, 1, new Saying(text -> {
            if (++asked[0] > 2) {
                throw new RerankException(RerankException.Kind.UNAVAILABLE, "it fell over");
            }
            return "what is said of number " + asked[0];
        }), made -> {
        });
        assertEquals(20, items.items().size());
        assertEquals(2, items.items().stream().filter(item -> item.kind() == Kind.QUESTION).count());
        assertEquals(5, asked[0]);
        assertEquals("test-model failed 3 times and was not asked again: it fell over", items.notes().getLast());
    }

    @Test
    void aModelThatNeverAnswersIsAnError() {
        RerankException thrown = assertThrows(RerankException.class,
                () -> KnownItems.generate(collection(3), 3, 1, new Saying(text -> {
                    throw new RerankException(RerankException.Kind.UNAVAILABLE, "no server answers");
                }), made -> {
                }));
        assertEquals("no server answers", thrown.getMessage());
    }
}
