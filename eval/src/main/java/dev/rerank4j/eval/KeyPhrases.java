package dev.rerank4j.eval;

import dev.rerank4j.eval.KnownItemWords.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that set a passage apart in its collection: those of the highest {@code (1 + ln tf) * idf}. Salton and
 * Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing and Management 24(5), 1988.
 */
final class KeyPhrases {

    /** A collection of fewer passages has too many words that occur once to do without them. */
    private static final int LARGE = 50;

    private final KnownItemCounts counts;

    KeyPhrases(KnownItemCounts counts) {
        this.counts = counts;
    }

    /**
     * Words of the text, each once, the most telling first; of those that no other passage has, at most one, because
     * they would make finding the passage too easy.
     *
     * @return possibly fewer than wanted, or none
     */
    List<Word> of(String text, int wanted) {
        Map<Long, Integer> often = new HashMap<>();
        Map<Long, Word> words = new LinkedHashMap<>();
        for (Word word : KnownItemWords.of(text)) {
            if (word.letters() && (word.pair() || word.end() - word.start() >= 3)) {
                often.merge(word.hash(), 1, Integer::sum);
                words.putIfAbsent(word.hash(), word);
            }
        }
        List<Word> ranked = new ArrayList<>(words.values());
        ranked.sort(Comparator.comparingDouble(
                (Word word) -> -(1 + Math.log(often.get(word.hash()))) * counts.rarity(word.hash())));
        List<Word> chosen = new ArrayList<>();
        boolean single = false;
        for (Word word : ranked) {
            boolean alone = counts.passages() >= LARGE && counts.of(word.hash()) <= 1;
            if (chosen.size() < wanted && !(alone && single)) {
                chosen.add(word);
                single |= alone;
            }
        }
        return chosen;
    }

    /**
     * The most telling of these words, ignoring how often they occur; of pairs of characters those in a row that say
     * most together, because single ones are no words.
     */
    List<Word> rarest(List<Word> words, int wanted) {
        if (words.stream().filter(Word::pair).count() * 2 > words.size()) {
            return stretch(words, wanted);
        }
        return words.stream().sorted(Comparator.comparingDouble((Word word) -> -counts.rarity(word.hash())))
                .limit(wanted).toList();
    }

    private List<Word> stretch(List<Word> words, int wanted) {
        int best = 0;
        double most = 0;
        for (int at = 0; at + wanted <= words.size(); at++) {
            double sum = words.subList(at, at + wanted).stream().mapToDouble(word -> counts.rarity(word.hash())).sum();
            if (sum > most) {
                most = sum;
                best = at;
            }
        }
        return words.subList(best, best + wanted);
    }
}
