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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all retrievers found for all queries: each content once, in the order of the first stage. */
final class Candidates {

    private static final Fusion FUSION = Fusion.reciprocalRank(60);

    private final Map<String, Candidate> byId = new HashMap<>();
    private final Map<TextSegment, List<Candidate>> bySegment = new HashMap<>();
    private final Ranking ranking;

    private Candidates(Map<Query, Collection<List<Content>>> queryToContents) {
        boolean several = queryToContents.size() > 1;
        List<Ranking> byQuery = new ArrayList<>();
        for (Collection<List<Content>> lists : queryToContents.values()) {
            int query = byQuery.size();
            String prefix = several ? "query-" + (query + 1) + "/" : "";
            List<Ranking> rankings = new ArrayList<>();
            for (List<Content> list : lists == null ? List.<List<Content>>of() : lists) {
                rankings.add(rank(prefix + "retriever-" + (rankings.size() + 1), list, query));
            }
            byQuery.add(several ? renamed("query-" + (query + 1), FUSION.fuse(rankings)) : fused(rankings));
        }
        ranking = withEvidence(fused(byQuery));
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

    private static Ranking fused(List<Ranking> rankings) {
        return rankings.size() == 1 ? rankings.getFirst() : FUSION.fuse(rankings);
    }

    /** A list in its own order, whatever its scores are: some retrievers give none, some give distances. */
    private Ranking rank(String stage, @Nullable List<Content> list, int query) {
        Ranking.Builder places = Ranking.builder(stage);
        Set<Candidate> seen = new HashSet<>();
        for (Content content : list == null ? List.<Content>of() : list) {
            if (hasText(content)) {
                Candidate candidate = candidate(content);
                if (seen.add(candidate)) {
                    candidate.found(content, stage, seen.size(), query);
                    places.add(candidate.passage(), 1.0 / seen.size());
                }
            }
        }
        return places.build();
    }

    private static boolean hasText(@Nullable Content content) {
        return content != null && content.textSegment() != null && content.textSegment().text() != null
                && !content.textSegment().text().isBlank();
    }

    private Candidate candidate(Content content) {
        Object id = Candidate.metadata(content).get(ContentMetadata.EMBEDDING_ID);
        List<Candidate> equal = bySegment.computeIfAbsent(content.textSegment(), segment -> new ArrayList<>(1));
        Optional<Candidate> known = equal.stream().filter(candidate -> id != null && id.equals(candidate.embeddingId()))
                .findFirst().or(() -> equal.stream().filter(candidate -> candidate.isCalled(id)).findFirst());
        return known.orElseGet(() -> {
            Candidate candidate = new Candidate(byId.size(), content);
            byId.put(candidate.passage().id(), candidate);
            equal.add(candidate);
            return candidate;
        });
    }

    /** Under another name, for to the second fusion it is one ranking among others. */
    private static Ranking renamed(String stage, Ranking ranking) {
        Ranking.Builder renamed = Ranking.builder(stage);
        ranking.forEach(hit -> renamed.add(hit.passage(), hit.score()));
        return renamed.build();
    }

    private Ranking withEvidence(Ranking fused) {
        Ranking.Builder candidates = Ranking.builder(Fusion.NAME);
        fused.forEach(hit -> candidates.add(of(hit).hit(hit.score())));
        return candidates.build();
    }
}
