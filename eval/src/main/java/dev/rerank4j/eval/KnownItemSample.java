package dev.rerank4j.eval;

import dev.rerank4j.Passage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sample of a collection that passes by once, in any order: documents at random, and of each a few passages at random.
 * Each id gets a number from the seed, and those with the smallest stay, so that the sample depends neither on the order
 * nor on how large the collection turns out to be; at most some eight passages for each query that is wanted are held.
 */
final class KnownItemSample {

    /** More than are needed, because not every document gives a query. */
    private static final int SPARE = 2;

    private static final int PASSAGES = 4;

    private final int wanted;
    private final int most;
    private final long seed;
    private final Map<String, Kept> byId = new HashMap<>();
    private final TreeMap<Place, Kept> documents = new TreeMap<>();
    private int share = Integer.MAX_VALUE;

    private record Place(long number, String id) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparingLong(Place::number).thenComparing(Place::id).compare(this, other);
        }
    }

    private record Kept(TreeMap<Place, Passage> passages) {
        void trim(int most) {
            while (passages.size() > most) {
                passages.pollLastEntry();
            }
        }
    }

    KnownItemSample(int wanted, long seed) {
        this.wanted = wanted;
        this.most = SPARE * wanted + 16;
        this.seed = seed;
    }

    void offer(Passage passage) {
        Kept kept = byId.get(passage.documentId());
        if (kept == null) {
            Place place = place(passage.documentId());
            if (documents.size() >= most && place.compareTo(documents.lastKey()) > 0) {
                return;
            }
            kept = new Kept(new TreeMap<>());
            documents.put(place, kept);
            byId.put(passage.documentId(), kept);
            if (documents.size() > most) {
                byId.remove(documents.pollLastEntry().getKey().id());
            }
            shrink();
        }
        kept.passages().put(place(passage.id()), passage);
        kept.trim(share);
    }

    /** The more documents there are, the fewer passages of each are needed. */
    private void shrink() {
        int now = Math.max(PASSAGES, Math.ceilDiv(PASSAGES * wanted, documents.size()));
        if (now < share) {
            share = now;
            documents.values().forEach(kept -> kept.trim(now));
        }
    }

    private Place place(String id) {
        return new Place(KnownItemWords.hash(seed, id), id);
    }

    /** The passages of each document, both in random order. */
    List<List<Passage>> documents() {
        return documents.values().stream().map(kept -> List.copyOf(kept.passages().values())).toList();
    }
}
