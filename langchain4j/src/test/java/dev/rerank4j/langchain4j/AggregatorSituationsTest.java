package dev.rerank4j.langchain4j;

import static dev.rerank4j.langchain4j.Contents.contents;
import static dev.rerank4j.langchain4j.Contents.evidence;
import static dev.rerank4j.langchain4j.Contents.found;
import static dev.rerank4j.langchain4j.Contents.scorer;
import static dev.rerank4j.langchain4j.Contents.stored;
import static dev.rerank4j.langchain4j.Contents.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.aggregator.ContentAggregator;
import dev.langchain4j.rag.content.aggregator.DefaultContentAggregator;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.Evidence;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.WordScorer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The situations that LangChain4j documents and tests of its own aggregator, each with theirs beside ours; and where ours
 * is meant to differ.
 */
class AggregatorSituationsTest {

    @Test
    void oneQueryAndOneListAreReranked() {
        bothGive(List.of("content 2", "content 1"), found("query", contents("content 1", "content 2")),
                Map.of("content 1", 0.5, "content 2", 0.7));
    }

    @Test
    void severalListsAreFusedThenReranked() {
        List<String> seen = new ArrayList<>();
        Scorer scorer = scorer((query, text) -> {
            seen.add(text);
            return Map.of("content", 0.5, "content 1", 0.7, "content 4", 0.9).get(text);
        });
        Map<Query, Collection<List<Content>>> found = found("query", contents("content 1", "content"),
                contents("content", "content 4"));
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(scorer)) {
            assertEquals(List.of("content 4", "content 1", "content"), texts(ours.aggregate(found)));
        }
        assertEquals(List.of("content", "content 1", "content 4"), seen, "what two lists have comes first");
    }

    @Test
    void ofSeveralQueriesOneIsSelectedAndTheWorstAreLeftOut() {
        Map<Query, Collection<List<Content>>> found = new LinkedHashMap<>();
        found.put(Query.from("query 1"),
                List.of(contents("content", "content 2"), contents("content 3", "content")));
        found.put(Query.from("query 2"),
                List.of(contents("content 5", "content"), contents("content", "content 8")));
        Map<String, Double> scores = Map.of("content", 0.6, "content 3", 0.2, "content 5", 0.3, "content 2", 0.4,
                "content 8", 0.5);
        List<String> seen = new ArrayList<>();
        Scorer scorer = scorer((query, text) -> {
            assertEquals("query 1", query);
            seen.add(text);
            return scores.get(text);
        });
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.builder().scorer(scorer)
                .querySelector(all -> all.keySet().iterator().next()).minScore(0.39).build()) {
            assertEquals(List.of("content", "content 8", "content 2"), texts(ours.aggregate(found)));
        }
        assertEquals(List.of("content", "content 3", "content 5", "content 2", "content 8"), seen,
                "the order in which theirs are fused");
        ContentAggregator theirs = new ReRankingContentAggregator(theirs(scores),
                all -> all.keySet().iterator().next(), 0.39);
        assertEquals(List.of("content", "content 8", "content 2"), texts(theirs.aggregate(found)));
    }

    /** Theirs throws without a query selector. */
    @Test
    void withoutSelectorEachContentIsScoredAgainstTheQueriesThatFoundIt() {
        Map<Query, Collection<List<Content>>> found = new LinkedHashMap<>();
        found.put(Query.from("apples"), List.of(contents("red apples", "fruit")));
        found.put(Query.from("pears"), List.of(contents("green pears", "fruit")));
        List<String> pairs = Collections.synchronizedList(new ArrayList<>());
        Scorer scorer = scorer((query, text) -> {
            pairs.add(query + ": " + text);
            return text.contains(query) ? query.length() : text.equals("fruit") && query.equals("pears") ? 5.5 : 0;
        });
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(scorer)) {
            List<Content> contents = ours.aggregate(found);
            assertEquals(List.of("red apples", "fruit", "green pears"), texts(contents));
            assertEquals(5.5, contents.get(1).metadata().get(ContentMetadata.RERANKED_SCORE), "the better of two");
            assertEquals(
                    List.of("query-1/retriever-1", "query-2/retriever-1", "fusion", "rerank"),
                    evidence(contents.get(1)).evidence().stream().map(Evidence::stage).toList());
            assertEquals(1, evidence(contents.get(1)).evidence("fusion").orElseThrow().rank(), "among all contents");
        }
        assertEquals(List.of("apples: fruit", "apples: red apples", "pears: fruit", "pears: green pears"),
                pairs.stream().sorted().toList());
    }

    @Test
    void nothingToRerankAsksNoModel() {
        Scorer scorer = scorer((query, text) -> {
            throw new AssertionError("there is nothing to score");
        });
        Map<Query, Collection<List<Content>>> nulls = new HashMap<>();
        nulls.put(Query.from("query 1"), null);
        nulls.put(Query.from("query 2"), Collections.singletonList(null));
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(scorer)) {
            for (Map<Query, Collection<List<Content>>> nothing : List.of(Map.<Query, Collection<List<Content>>>of(),
                    found("query"), found("query", List.of()),
                    found("query", List.of(), List.of()), nulls)) {
                assertEquals(List.of(), ours.aggregate(nothing));
            }
        }
    }

    @Test
    void atMostMaxResults() {
        Map<Query, Collection<List<Content>>> found = found("w", contents("a", "b", "c", "d"));
        Scorer scorer = scorer((query, text) -> text.charAt(0));
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.builder().scorer(scorer).maxResults(2)
                .build()) {
            assertEquals(List.of("d", "c"), texts(ours.aggregate(found)));
        }
    }

    @Test
    void whatStandsBehindTheDepthIsNotScoredAndLeftOut() {
        List<String> seen = new ArrayList<>();
        Scorer scorer = scorer((query, text) -> {
            seen.add(text);
            return text.charAt(0);
        });
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.builder().scorer(scorer).depth(3).build()) {
            assertEquals(List.of("c", "b", "a"), texts(ours.aggregate(found("w", contents("a", "b", "c", "d")))));
        }
        assertEquals(List.of("a", "b", "c"), seen);
    }

    @Test
    void firstStageScoresIdsAndSegmentsAreKept() {
        Content content = stored("red apples", 0.83, "e-17");
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> contents = ours.aggregate(found("apples", List.of(stored("pears", 0.9, "e-18"), content)));
            EvidenceContent best = evidence(contents.getFirst());
            assertSame(content.textSegment(), best.textSegment());
            assertEquals(0.83, best.metadata().get(ContentMetadata.SCORE));
            assertEquals("e-17", best.metadata().get(ContentMetadata.EMBEDDING_ID));
            assertEquals(best.probability().getAsDouble(), best.metadata().get(ContentMetadata.RERANKED_SCORE));
            assertEquals(new Evidence("retriever-1", 2, 0.83), best.evidence("retriever-1").orElseThrow());
            assertEquals(new Evidence("rerank", 1, best.score()), best.evidence().getLast());
            assertEquals(4 - 0.002, best.score(), 1e-4, "the logit");
            assertFalse(best.degraded());
        }
    }

    /** Theirs puts scores into a map by segment, so that one is lost. */
    @Test
    void equalSegmentsOfTwoEmbeddingsRemainTwoContents() {
        Map<Query, Collection<List<Content>>> found = found("apples",
                List.of(stored("red apples", 0.9, "e-1"), stored("red apples", 0.8, "e-2")));
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
            assertEquals(List.of("e-1", "e-2"), ours.aggregate(found).stream()
                    .map(content -> content.metadata().get(ContentMetadata.EMBEDDING_ID)).toList());
        }
        assertEquals(1, new ReRankingContentAggregator(theirs(Map.of("red apples", 1.0))).aggregate(found).size());
    }

    @Test
    void whatTwoRetrieversFoundIsOneContentWithTheEvidenceOfBoth() {
        TextSegment segment = stored("red apples", 0.9, "e-1").textSegment();
        Content byWords = Content.from(segment, Map.of(ContentMetadata.SCORE, 7.5));
        for (List<Content> other : List.of(List.of(byWords), List.of(stored("red apples", 7.5, "e-1")))) {
            try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
                List<Content> contents = ours
                        .aggregate(found("apples", List.of(stored("red apples", 0.9, "e-1")), other));
                assertEquals(1, contents.size());
                assertEquals(List.of(new Evidence("retriever-1", 1, 0.9), new Evidence("retriever-2", 1, 7.5)),
                        evidence(contents.getFirst()).evidence().subList(0, 2));
                assertEquals(0.9, contents.getFirst().metadata().get(ContentMetadata.SCORE), "the first list's");
            }
        }
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> contents = ours.aggregate(found("apples", List.of(byWords),
                    List.of(stored("red apples", 0.9, "e-1"), stored("red apples", 0.8, "e-2"))));
            assertEquals(List.of("e-1", "e-2"), contents.stream()
                    .map(content -> content.metadata().get(ContentMetadata.EMBEDDING_ID)).toList(),
                    "it takes the first id");
        }
    }

    @Test
    void equalIdsOfTwoStoresAreNotOneContent() {
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
            assertEquals(List.of("red apples", "green pears"), texts(ours.aggregate(
                    found("red", List.of(stored("green pears", 0.9, "1")), List.of(stored("red apples", 0.8, "1"))))));
        }
    }

    @Test
    void theSameSegmentTwiceInOneListCountsOnceAtItsBetterRank() {
        try (EvidenceContentAggregator ours = EvidenceContentAggregator
                .of(scorer((query, text) -> 0))) {
            List<Content> contents = ours.aggregate(found("w", contents("a", "b", "a", "c")));
            assertEquals(List.of("a", "b", "c"), texts(contents));
            assertEquals(new Evidence("retriever-1", 3, 1.0 / 3),
                    evidence(contents.getLast()).evidence("retriever-1").orElseThrow());
        }
    }

    @Test
    void fusesInTheOrderOfTheirs() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            Map<Query, Collection<List<Content>>> found = new LinkedHashMap<>();
            for (int q = 0; q <= random.nextInt(3); q++) {
                List<List<Content>> lists = new ArrayList<>();
                for (int r = 0; r <= random.nextInt(3); r++) {
                    List<Integer> numbers = new ArrayList<>(IntStream.range(0, 12).boxed().toList());
                    Collections.shuffle(numbers, random);
                    lists.add(numbers.subList(0, random.nextInt(13)).stream().map(n -> Content.from("content " + n))
                            .toList());
                }
                found.put(Query.from("query " + q), lists);
            }
            List<Content> theirs = new DefaultContentAggregator().aggregate(found);
            List<String> ours = Candidates.of(found).ranking().hits().stream().map(hit -> hit.passage().text())
                    .toList();
            assertEquals(texts(theirs), ours, "with seed " + seed);
        }
    }

    @Test
    void aContentOfATwoStageRetrieverKeepsItsPassageAndItsEvidence() {
        dev.rerank4j.Passage passage = new dev.rerank4j.Passage("leave#3", "leave", "Leave", "Everybody gets 28 days.",
                dev.rerank4j.Location.NONE, Map.of());
        try (dev.rerank4j.SearchPipeline pipeline = dev.rerank4j.SearchPipeline.builder()
                .retriever(Fakes.retriever("bm25", passage)).build();
                EvidenceContentAggregator ours = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> searched = TwoStageContentRetriever.of(pipeline).retrieve(Query.from("leave"));
            EvidenceContent best = evidence(ours.aggregate(found("leave", searched)).getFirst());
            assertEquals(passage, best.hit().passage());
            assertEquals(List.of("retriever-1/bm25", "retriever-1", "fusion", "rerank"),
                    best.evidence().stream().map(Evidence::stage).toList());
            assertTrue(best.score() > 3.9, "title and headings are read with the text: " + best.score());
        }
    }

    @Test
    void theListenerHearsOfEachCall() {
        List<SearchResult> heard = new ArrayList<>();
        SearchListener listener = (SearchRequest request, SearchResult result) -> heard.add(result);
        try (EvidenceContentAggregator ours = EvidenceContentAggregator.builder().scorer(new WordScorer())
                .listener(listener).build()) {
            ours.aggregate(found("a", contents("a", "b")));
            ours.aggregate(found("a", List.of()));
        }
        assertEquals(1, heard.size());
        assertEquals(2, heard.getFirst().ranking().size());
    }

    private static void bothGive(List<String> expected, Map<Query, Collection<List<Content>>> found,
            Map<String, Double> scores) {
        assertEquals(expected, texts(new ReRankingContentAggregator(theirs(scores)).aggregate(found)), "theirs");
        try (EvidenceContentAggregator ours = EvidenceContentAggregator
                .of(scorer((query, text) -> scores.get(text)))) {
            assertEquals(expected, texts(ours.aggregate(found)), "ours");
        }
    }

    private static ScoringModel theirs(Map<String, Double> scores) {
        return (segments, query) -> Response
                .from(segments.stream().map(segment -> scores.get(segment.text())).toList());
    }
}
