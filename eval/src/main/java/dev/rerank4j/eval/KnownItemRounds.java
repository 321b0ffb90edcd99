package dev.rerank4j.eval;

import dev.rerank4j.Passage;
import dev.rerank4j.eval.KnownItem.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** {@link KnownItems#generate}: samples, looks for rivals, then goes round the documents until there are enough. */
final class KnownItemRounds {

    private final Iterable<Passage> passages;
    private final int wanted;
    private final long seed;
    private final IntConsumer made;
    private final @Nullable QueryGenerator generator;

    private final List<KnownItem> items = new ArrayList<>();
    private final Set<Long> texts = new HashSet<>();
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);

    KnownItemRounds(Iterable<Passage> passages, int wanted, long seed, IntConsumer made) {
        this(passages, wanted, seed, made, null);
    }

    KnownItemRounds(Iterable<Passage> passages, int wanted, long seed, IntConsumer made,
            @Nullable LanguageModel model) {
        if (wanted < 1 || wanted > KnownItems.MOST) {
            throw new IllegalArgumentException("number of queries must be 1 to " + KnownItems.MOST + ", got " + wanted);
        }
        this.passages = passages;
        this.wanted = wanted;
        this.seed = seed;
        this.made = made;
        this.generator = model == null ? null : new QueryGenerator(model);
    }

    KnownItems run() {
        KnownItemSample sample = new KnownItemSample(wanted, seed);
        KnownItemCounts counts = new KnownItemCounts();
        for (Passage passage : passages) {
            counts.add(KnownItemWords.distinct(passage.content()));
            if (KnownItemCandidate.eligible(passage)) {
                sample.offer(passage);
            }
        }
        KeyPhrases phrases = new KeyPhrases(counts);
        List<Turns> documents = sample.documents().stream().map(kept -> new Turns(kept, phrases)).toList();
        List<KnownItemCandidate> candidates = documents.stream().flatMap(turns -> turns.candidates().stream()).toList();
        KnownItemRivals rivals = new KnownItemRivals(candidates, counts);
        passages.forEach(rivals::see);
        for (int before = -1; items.size() < wanted && items.size() > before;) {
            before = items.size();
            for (Turns document : documents) {
                if (items.size() < wanted) {
                    document.next();
                }
            }
        }
        return new KnownItems(items, notes(candidates.stream().filter(KnownItemCandidate::shared).count()));
    }

    /** Whose turn it is within one document. */
    private final class Turns {

        private final Map<Passage, List<KnownItemCandidate>> perPassage = new LinkedHashMap<>();
        private final List<Passage> order;
        private final Set<Passage> asked = new HashSet<>();
        private int next;

        Turns(List<Passage> kept, KeyPhrases phrases) {
            order = kept;
            kept.forEach(passage -> perPassage.put(passage, KnownItemCandidate.of(passage, phrases, seed)));
        }

        List<KnownItemCandidate> candidates() {
            return perPassage.values().stream().flatMap(List::stream).toList();
        }

        void next() {
            for (int tried = 0; tried < order.size(); tried++) {
                Passage passage = order.get(next++ % order.size());
                if (question(passage) || candidate(passage)) {
                    return;
                }
            }
        }

        private boolean question(Passage passage) {
            return generator != null && asked.add(passage) && generator.question(passage)
                    .filter(text -> add(text, Kind.QUESTION, passage)).isPresent();
        }

        /** Of the kinds that the passage still has, the one that was made least often. */
        private boolean candidate(Passage passage) {
            Optional<KnownItemCandidate> rarest = perPassage.getOrDefault(passage, List.of()).stream()
                    .filter(candidate -> !candidate.shared() && !texts.contains(sequence(candidate.text())))
                    .min(Comparator.comparingInt(candidate -> kinds.getOrDefault(candidate.kind(), 0)));
            return rarest.filter(candidate -> add(candidate.text(), candidate.kind(), passage)).isPresent();
        }
    }

    private boolean add(String text, Kind kind, Passage passage) {
        if (!texts.add(sequence(text))) {
            return false;
        }
        kinds.merge(kind, 1, Integer::sum);
        items.add(new KnownItem("known-" + (items.size() + 1), text, kind, passage.documentId(), passage.id()));
        made.accept(items.size());
        return true;
    }

    private static long sequence(String text) {
        return KnownItemWords.sequence(text);
    }

    private List<String> notes(long shared) {
        List<String> notes = new ArrayList<>();
        notes.add("the queries are synthetic: made from the documents themselves"
                + (kinds.isEmpty() ? "" : " (" + kindCounts() + ")")
                + ", so every figure is too high, and BM25's most of all; they compare systems, they do not say how "
                + "good one is");
        if (items.size() < wanted) {
            notes.add("only " + items.size() + " of " + wanted + " queries could be made: the documents have no more "
                    + "titles, headings, sentences and phrases that are theirs alone");
        }
        if (shared > 0) {
            notes.add(shared + (shared == 1 ? " query was" : " queries were")
                    + " dropped or held back, because another document fits as well");
        }
        if (generator != null) {
            notes.addAll(generator.notes());
        }
        return notes;
    }

    private String kindCounts() {
        return String.join(", ", kinds.entrySet().stream()
                .map(entry -> entry.getValue() + " by " + entry.getKey().word()).toList());
    }
}
