package dev.rerank4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Context#of}. Takes hits best first; what it has taken always fits the budget. */
final class ContextBuilder {

    private final ContextOptions options;
    private List<ContextPiece> pieces = new ArrayList<>(); // in the order of their best hits
    private final List<Context.Omitted> omitted = new ArrayList<>();

    ContextBuilder(ContextOptions options) {
        this.options = options;
    }

    Context build(Ranking ranking) {
        for (Hit hit : ranking) {
            take(hit).ifPresent(reason -> omitted.add(new Context.Omitted(hit, reason)));
        }
        List<Citation> citations = numbered(pieces);
        String text = block(citations);
        return new Context(text, citations, options.counter().count(text), omitted);
    }

    /** Why not, if it was not taken. */
    private Optional<Context.Omitted.Reason> take(Hit hit) {
        if (hit.passage().content().isBlank()) {
            return Optional.of(Context.Omitted.Reason.BLANK);
        }
        ContextPiece piece = ContextPiece.of(hit);
        List<ContextPiece> joined = joined(piece);
        if (joined.size() > pieces.size()
                && pieces.stream().anyMatch(taken -> piece.repeats(taken, options.nearDuplicate()))) {
            return Optional.of(Context.Omitted.Reason.NEAR_DUPLICATE);
        }
        if (fits(joined)) {
            pieces = joined;
            return Optional.empty();
        }
        if (pieces.isEmpty()) {
            String beginning = ContextText.beginning(piece.text(), text -> fits(List.of(piece.cutTo(text))));
            if (!beginning.isEmpty()) {
                pieces.add(piece.cutTo(beginning));
                return Optional.empty();
            }
        }
        return Optional.of(Context.Omitted.Reason.BUDGET);
    }

    /** What has been taken with this one, joined to its neighbours if it has any: at most two, one on each side. */
    private List<ContextPiece> joined(ContextPiece piece) {
        List<ContextPiece> all = new ArrayList<>();
        ContextPiece growing = piece;
        int place = -1; // that of the best neighbour
        for (ContextPiece taken : pieces) {
            Optional<ContextPiece> both = taken.join(growing);
            if (both.isEmpty()) {
                all.add(taken);
            } else {
                growing = both.get();
                place = place < 0 ? all.size() : place;
            }
        }
        all.add(place < 0 ? all.size() : place, growing);
        return all;
    }

    private boolean fits(List<ContextPiece> pieces) {
        return options.counter().count(block(numbered(pieces))) <= options.tokens();
    }

    private List<Citation> numbered(List<ContextPiece> pieces) {
        List<Citation> citations = new ArrayList<>();
        ordered(pieces).forEach(piece -> citations.add(piece.citation(citations.size() + 1)));
        return citations;
    }

    private List<ContextPiece> ordered(List<ContextPiece> pieces) {
        return switch (options.order()) {
            case BEST_FIRST -> pieces;
            case DOCUMENT -> {
                Map<String, List<ContextPiece>> documents = new LinkedHashMap<>();
                pieces.forEach(piece -> documents
                        .computeIfAbsent(piece.documentId(), id -> new ArrayList<>()).add(piece));
                documents.values().forEach(document -> document
                        .sort(Comparator.comparingInt(piece -> piece.location().start())));
                yield documents.values().stream().flatMap(List::stream).toList();
            }
            case ENDS -> {
                List<ContextPiece> ends = new ArrayList<>();
                for (int i = 0; i < pieces.size(); i++) { // each next one into the middle
                    ends.add(i % 2 == 0 ? i / 2 : i / 2 + 1, pieces.get(i));
                }
                yield ends;
            }
        };
    }

    private static String block(List<Citation> citations) {
        StringBuilder block = new StringBuilder();
        for (Citation citation : citations) {
            block.append(block.isEmpty() ? "" : "\n\n").append(citation.header())
                    .append(citation.text().isEmpty() ? "" : "\n").append(citation.text());
        }
        return block.toString();
    }
}
