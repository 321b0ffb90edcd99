package dev.rerank4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Ranking;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all retrievers found for all queries: each content once, in the order of the first stage.
 *
 * <p>The formula is that of {@link Fusion#reciprocalRank}, the arithmetic LangChain4j's: lists count as they stand,
 * whatever scores their contents have, and where contents tie, the one seen first stays first, in each query and in all.
 */
final class Candidates {

    private static final int K = 60;

    /** Of one width, so that the order of ids is that of the first stage: rerankers put ties into it. */
    private static final int FIRST_ID = 10_000_000;

    private final Map<TextSegment, List<Candidate>> bySegment = new HashMap<>();
    private final Map<String, Candidate> byId = new HashMap<>();
    private final Ranking ranking;

    private Candidates(Map<Query, Collection<List<Content>>> queryToContents) {
        List<Collection<Candidate>> byQuery = new ArrayList<>();
        for (Collection<List<Content>> lists : queryToContents.values()) {
            int query = byQuery.size();
            String prefix = queryToContents.size() > 1 ? "query-" + (query + 1) + "/" : "";
            List<Collection<Candidate>> found = new ArrayList<>();
            for (List<Content> list : lists == null ? List.<List<Content>>of() : lists) {
                found.add(found(prefix + "retriever-" + (found.size() + 1), list, query));
            }
            byQuery.add(fused(found).keySet());
        }
        Ranking.Builder candidates = Ranking.builder(Fusion.NAME);
        fused(byQuery).forEach((candidate, score) -> {
            String id = Integer.toString(FIRST_ID + byId.size());
            byId.put(id, candidate);
            candidates.add(candidate.hit(id, score));
        });
        ranking = candidates.build();
    }

    static Candidates of(Map<Query, Collection<List<Content>>> queryToContents) {
        return new Candidates(queryToContents);
    }

    /** Best first, each with the evidence of every list it stood in. */
    Ranking ranking() {
        return ranking;
    }

    Candidate of(Hit hit) {
        return byId.get(hit.passage().id());
    }

    private Collection<Candidate> found(String stage, @Nullable List<Content> list, int query) {
        Set<Candidate> found = new LinkedHashSet<>();
        for (Content content : list == null ? List.<Content>of() : list) {
            if (hasText(content)) {
                Candidate candidate = candidate(content);
                if (found.add(candidate)) {
                    candidate.found(content, stage, found.size(), query);
                }
            }
        }
        return found;
    }

    private static boolean hasText(@Nullable Content content) {
        return content != null && content.textSegment() != null && content.textSegment().text() != null
                && !content.textSegment().text().isBlank();
    }

    private Candidate candidate(Content content) {
        Object id = Candidate.metadata(content).get(ContentMetadata.EMBEDDING_ID);
        List<Candidate> equal = bySegment.computeIfAbsent(content.textSegment(), segment -> new ArrayList<>(1));
        for (Candidate candidate : equal) {
            if (id == null || id.equals(candidate.embeddingId())) {
                return candidate;
            }
        }
        for (Candidate candidate : equal) {
            if (candidate.embeddingId() == null) {
                return candidate;
            }
        }
        Candidate candidate = new Candidate(content);
        equal.add(candidate);
        return candidate;
    }

    /** Best first, with the sum of {@code 1 / (60 + rank)}. */
    private static Map<Candidate, Double> fused(List<Collection<Candidate>> lists) {
        Map<Candidate, Double> sums = new LinkedHashMap<>();
        for (Collection<Candidate> list : lists) {
            int rank = 0;
            for (Candidate candidate : list) {
                sums.merge(candidate, 1.0 / (K + ++rank), Double::sum);
            }
        }
        List<Map.Entry<Candidate, Double>> ordered = new ArrayList<>(sums.entrySet());
        ordered.sort(Map.Entry.<Candidate, Double>comparingByValue().reversed()); // stable
        Map<Candidate, Double> fused = new LinkedHashMap<>();
        ordered.forEach(entry -> fused.put(entry.getKey(), entry.getValue()));
        return fused;
    }
}
