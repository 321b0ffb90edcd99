package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
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
        List<Hit> owners = new ArrayList<>();
        List<Passage> pieces = new ArrayList<>();
        for (Hit hit : candidates) {
            List<Passage> cut = cutter.apply(hit.passage());
            if (cut.isEmpty()) {
                throw new IllegalArgumentException("cutter must give at least one piece of a passage, got none of "
                        + hit.passage().id());
            }
            cut.forEach(piece -> owners.add(hit));
            pieces.addAll(cut);
        }
        // Numbered, because ids of pieces of different candidates may be equal. The number says which piece it was.
        Ranking.Builder numbered = Ranking.builder(candidates.stage());
        for (int i = 0; i < pieces.size(); i++) {
            Hit owner = owners.get(i);
            numbered.add(new Hit(withId(pieces.get(i), i), owner.score(), owner.probability(),
                    owner.evidence().stream().filter(e -> !e.stage().equals(candidates.stage())).toList()));
        }
        Ranking ranked = other.rerank(query, numbered.build(), Math.max(1, pieces.size()), deadline);
        Ranking.Builder best = Ranking.builder(name());
        for (Hit hit : ranked) { // of a passage added twice the higher score counts
            int number = Integer.parseInt(hit.passage().id());
            Hit owner = owners.get(number);
            Passage piece = pieces.get(number);
            List<Evidence> evidence = new ArrayList<>(owner.evidence());
            hit.evidence().stream().filter(e -> !e.stage().equals(name()) && owner.evidence(e.stage()).isEmpty())
                    .forEach(evidence::add);
            best.add(new Hit(part(owner.passage(), piece), hit.score(), hit.probability(), evidence));
        }
        return best.build().top(limit);
    }

    private static Passage withId(Passage piece, int number) {
        return new Passage(Integer.toString(number), piece.documentId(), piece.title(), piece.text(), piece.location(),
                piece.metadata());
    }

    private static Passage part(Passage whole, Passage piece) {
        return new Passage(whole.id(), whole.documentId(), whole.title(), piece.text(), piece.location(),
                whole.metadata());
    }
}
