package dev.rerank4j.springai;

import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Ranking;
import dev.rerank4j.SearchResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;

/**
 * Documents that somebody found, as candidates of the second stage. Each document counts once: documents of one id and
 * one text are the same.
 *
 * @param all in the order they came, without repetitions
 * @param ranking of those with a text, in the order they came
 */
record Candidates(List<Candidate> all, Ranking ranking) {

    /**
     * @param place where it came; 1 is first
     * @param passageId what it is in the ranking; empty if it has no text and is in none
     */
    record Candidate(Document document, int place, String passageId) {

        /**
         * A copy of the document that says what became of it.
         *
         * @param score its new one; null for none
         * @param hit what the reranker said of it; empty if it was not read
         * @param rank where it is now, if it was read
         */
        Document after(SearchResult result, @Nullable Double score, Optional<Hit> hit, int rank) {
            Map<String, Object> metadata = new HashMap<>(document.getMetadata()); // mutate() hands on the map itself
            metadata.keySet().removeIf(RerankMetadata.OF_AN_EARLIER_RANKING::contains);
            if (document.getScore() != null) {
                metadata.put(RerankMetadata.FIRST_STAGE_SCORE, document.getScore());
            }
            metadata.put(RerankMetadata.FIRST_STAGE_RANK, place);
            hit.ifPresent(read -> RerankMetadata.putHit(metadata, read, rank));
            RerankMetadata.putOutcome(metadata, result);
            Document copy = document.mutate().metadata(metadata).score(score).build();
            copy.setContentFormatter(document.getContentFormatter());
            return copy;
        }
    }

    private record Identity(String id, Object content) {
    }

    /**
     * Candidates of which the whole text is to be read.
     *
     * @param stage what made their order
     * @param next the name of the stage that follows
     */
    static Candidates of(List<Document> documents, String stage, String next) {
        return of(documents, document -> Objects.requireNonNullElse(document.getText(), ""), stage, next);
    }

    /**
     * Candidates, each with the evidence it came with, but for that of the two stages, and what stands behind the
     * first of them: it is of an earlier time.
     *
     * @param text what is to be read of a document
     * @param stage what made their order
     * @param next the name of the stage that follows
     */
    static Candidates of(List<Document> documents, Function<Document, String> text, String stage, String next) {
        Map<Identity, Document> distinct = new LinkedHashMap<>();
        for (Document document : documents) {
            Object content = document.isText() ? document.getText() : document.getMedia();
            distinct.putIfAbsent(new Identity(document.getId(), Objects.requireNonNull(content)), document);
        }
        PassageIds ids = new PassageIds(distinct.keySet().stream().map(Identity::id).toList());
        List<Candidate> all = new ArrayList<>();
        distinct.values().forEach(document -> all.add(new Candidate(document, all.size() + 1,
                document.isText() ? ids.next(document.getId()) : "")));
        List<Candidate> texts = all.stream().filter(candidate -> candidate.document().isText()).toList();
        double[] scores = scores(texts.stream().map(Candidate::document).toList());
        Ranking.Builder ranking = Ranking.builder(stage);
        for (int i = 0; i < scores.length; i++) {
            Document document = texts.get(i).document();
            List<Evidence> earlier = RerankMetadata.evidence(document).stream()
                    .takeWhile(said -> !said.stage().equals(stage))
                    // of a cascade, the stages are numbered
                    .filter(said -> !said.stage().equals(next) && !said.stage().startsWith(next + "-")).toList();
            ranking.add(new Hit(Documents.passage(texts.get(i).passageId(), text.apply(document),
                    document.getMetadata()), scores[i], OptionalDouble.empty(), earlier));
        }
        return new Candidates(List.copyOf(all), ranking.build());
    }

    /** The documents' own scores if they tell their order; else their places, counted down. */
    private static double[] scores(List<Document> documents) {
        double[] scores = new double[documents.size()];
        double previous = Double.MAX_VALUE;
        for (int i = 0; i < scores.length; i++) {
            Double own = documents.get(i).getScore();
            if (own == null || !Double.isFinite(own) || own > previous) {
                return places(scores.length);
            }
            scores[i] = own;
            previous = own;
        }
        return DescendingScores.strictly(scores);
    }

    private static double[] places(int count) {
        double[] places = new double[count];
        for (int i = 0; i < count; i++) {
            places[i] = -(i + 1);
        }
        return places;
    }

    /** The documents' own ids, where they are unique; with a number, where one id has several texts. */
    private static final class PassageIds {

        private final Set<String> taken;
        private final Map<String, Integer> given = new HashMap<>();

        PassageIds(List<String> documentIds) {
            taken = new LinkedHashSet<>(documentIds);
        }

        String next(String documentId) {
            int count = given.merge(documentId, 1, Integer::sum);
            String id = documentId;
            while (count > 1 && !taken.add(id)) {
                id = documentId + "#" + count++;
            }
            return id;
        }
    }
}
