package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.rerank4j.eval.KnownItemWords.Word;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnownItemWordsTest {

    private static List<String> words(String text) {
        return KnownItemWords.of(text).stream().map(word -> text.substring(word.start(), word.end())).toList();
    }

    @Test
    void wordsAreLettersAndDigitsWithWhatJoinsThem() {
        assertEquals(List.of("Full", "time", "staff", "don't", "get", "3.5", "days", "Ask", "C123"),
                words("Full-time staff don't get 3.5 days. Ask C123!"));
        assertEquals(List.of("Über", "größe"), words("«Über größe» —"));
        assertEquals(List.of(), words(" … !? "));
    }

    @Test
    void chineseAndJapaneseAreCutIntoPairs() {
        assertEquals(List.of("图书", "书馆", "馆在", "10", "点开", "开门"), words("图书馆在10点开门。"));
        assertEquals(List.of("図書", "書館", "は", "新", "しい"), words("図書館 は、新,しい"));
    }

    @Test
    void thaiIsCutByTheDictionary() {
        assertEquals(List.of("ภาษา", "ไทย"), words("ภาษาไทย"));
    }

    @Test
    void capitalsDoNotMatterOrderDoes() {
        assertEquals(KnownItemWords.sequence("Annual  LEAVE!"), KnownItemWords.sequence("annual leave"));
        assertNotEquals(KnownItemWords.sequence("annual leave"), KnownItemWords.sequence("leave annual"));
    }

    @Test
    void joinedPairsAreTheTextAgain() {
        String text = "图书馆在十点开门";
        assertEquals(text, KnownItemWords.join(text, KnownItemWords.of(text)));
        List<Word> words = KnownItemWords.of(text);
        assertEquals("图书馆 十点", KnownItemWords.join(text, List.of(words.get(4), words.get(1), words.get(0))));
        String english = "the old harbour, at night";
        assertEquals("the old harbour at night", KnownItemWords.join(english, KnownItemWords.of(english)));
    }

    @Test
    void anyTextIsCutWithinItsBoundsInOrder() {
        long seed = 4711;
        Random random = new Random(seed);
        String alphabet = "ab 3.,'’-\n图書かナไทยé\u0301\uD842\uDFB7\uD83D\uDE00\uD800";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int last = 0;
            for (Word word : KnownItemWords.of(text.toString())) {
                String where = "seed " + seed + ", round " + round + ": " + word;
                assertEquals(true, word.start() >= last && word.end() > word.start() && word.end() <= text.length(),
                        where);
                last = word.start();
            }
            assertEquals(KnownItemWords.distinct(text.toString()).length,
                    KnownItemWords.of(text.toString()).stream().map(Word::hash).distinct().count());
        }
    }
}
