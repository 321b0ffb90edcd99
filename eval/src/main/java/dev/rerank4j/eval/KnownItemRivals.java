package dev.rerank4j.eval;

import dev.rerank4j.Passage;
import dev.rerank4j.eval.KnownItem.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the candidates that another document fits as well: one with the same title or heading, or with a passage that
 * has all the words of a sentence or phrase. A collection passes by once; what is held are the candidates alone.
 */
final class KnownItemRivals {

    private record Wanted(KnownItemCandidate candidate, long[] words) {
    }

    private final Map<Long, List<KnownItemCandidate>> titles = new HashMap<>();
    private final Map<Long, List<Wanted>> byRarestWord = new HashMap<>();

    KnownItemRivals(List<KnownItemCandidate> candidates, KnownItemCounts counts) {
        for (KnownItemCandidate candidate : candidates) {
            if (candidate.kind() == Kind.TITLE || candidate.kind() == Kind.HEADING) {
                titles.computeIfAbsent(KnownItemWords.sequence(candidate.text()), hash -> new ArrayList<>())
                        .add(candidate);
            } else {
                long[] words = KnownItemWords.distinct(candidate.text());
                long rarest = Arrays.stream(words).boxed().min(Comparator.comparingInt(counts::of)).orElseThrow();
                byRarestWord.computeIfAbsent(rarest, hash -> new ArrayList<>()).add(new Wanted(candidate, words));
            }
        }
    }

    /** Takes a passage of the collection into account. */
    void see(Passage passage) {
        Stream.concat(Stream.of(passage.title()), passage.location().headings().stream()).forEach(
                title -> titles.getOrDefault(KnownItemWords.sequence(title), List.of()).stream()
                        .filter(candidate -> isOther(candidate, passage)).forEach(KnownItemCandidate::share));
        long[] words = KnownItemWords.distinct(passage.content());
        for (long word : words) {
            for (Wanted wanted : byRarestWord.getOrDefault(word, List.of())) {
                if (!wanted.candidate().shared() && isOther(wanted.candidate(), passage)
                        && Arrays.stream(wanted.words()).allMatch(one -> Arrays.binarySearch(words, one) >= 0)) {
                    wanted.candidate().share();
                }
            }
        }
    }

    private static boolean isOther(KnownItemCandidate candidate, Passage passage) {
        return !candidate.passage().documentId().equals(passage.documentId());
    }
}
