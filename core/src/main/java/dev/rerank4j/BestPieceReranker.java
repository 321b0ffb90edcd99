package dev.rerank4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** {@link Reranker#bestPiece}. */
record BestPieceReranker(Reranker other, Function<Passage, List<Passage>> cutter) implements Reranker {

    BestPieceReranker {
        Objects.requireNonNull(other, "other");
        Objects.requireNonNull(cutter, "cutter");
    }

    @Override
    public String name() {
        return other.name();
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        Map<String, Hit> owners = new HashMap<>();
        Ranking.Builder pieces = Ranking.builder(candidates.stage());
        for (Hit hit : candidates) {
            deadline.check("cutting");
            for (Passage piece : pieces(hit.passage())) {
                // Numbered, as ids of pieces of different candidates may be equal; of one length, so that ties are in
                // their order.
                String id = String.format(Locale.ROOT, "%010d", owners.size());
                owners.put(id, hit);
                pieces.add(new Hit(renamed(id, hit.passage(), piece), hit.score(), hit.probability(), earlier(hit)));
            }
        }
        Ranking ranked = other.rerank(query, pieces.build(), Math.max(1, owners.size()), deadline);
        Ranking.Builder best = Ranking.builder(name());
        for (Hit piece : ranked) { // of a passage added twice the higher score counts, of equal ones the first
            Hit owner = owners.get(piece.passage().id());
            if (owner == null) {
                throw new RerankException(RerankException.Kind.INTERNAL,
                        "reranker " + name() + " gave a passage that is none of its candidates");
            }
            best.add(new Hit(won(owner.passage(), piece.passage()), piece.score(), piece.probability(),
                    together(owner, piece)));
        }
        return best.build().top(limit);
    }

    private List<Passage> pieces(Passage whole) {
        List<Passage> pieces = cutter.apply(whole);
        return pieces.isEmpty() ? List.of(whole) : pieces;
    }

    private static Passage renamed(String id, Passage whole, Passage piece) {
        return new Passage(id, whole.documentId(), piece.title(), piece.text(), piece.location(), whole.metadata());
    }

    private static Passage won(Passage whole, Passage piece) {
        return new Passage(whole.id(), whole.documentId(), whole.title(), piece.text(), piece.location(),
                whole.metadata());
    }

    /** The owner's evidence, then what the other reranker added to that before its own. */
    private static List<Evidence> together(Hit owner, Hit piece) {
        List<Evidence> evidence = new ArrayList<>(owner.evidence());
        earlier(piece).stream().filter(added -> owner.evidence(added.stage()).isEmpty()).forEach(evidence::add);
        return evidence;
    }

    /** What others said before the stage that made the hit's ranking, whose evidence is the last. */
    private static List<Evidence> earlier(Hit hit) {
        return hit.evidence().subList(0, hit.evidence().size() - 1);
    }
}
