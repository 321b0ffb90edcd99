package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.WordScorer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RerankScoringModelTest {

    private static final List<TextSegment> SEGMENTS = List.of(TextSegment.from("bananas are yellow"),
            TextSegment.from("red apples"), TextSegment.from("red apples"), TextSegment.from("red"));

    private final WordScorer scorer = new WordScorer();
    private final RerankScoringModel model = RerankScoringModel.of(scorer);

    @Test
    void scoresAreTheScorersInTheOrderOfTheSegments() {
        Scores expected = scorer.score(
                ScoreRequest.of("red apples", SEGMENTS.stream().map(TextSegment::text).toList()));
        Response<List<Double>> probabilities = model.scoreAll(SEGMENTS, "red apples");
        Response<List<Double>> logits = model.withLogits().scoreAll(SEGMENTS, "red apples");
        for (int i = 0; i < SEGMENTS.size(); i++) {
            assertEquals(expected.probabilities()[i], probabilities.content().get(i).floatValue());
            assertEquals(expected.logits()[i], logits.content().get(i).floatValue());
        }
        assertEquals(new TokenUsage(Arrays.stream(expected.tokens()).sum(), 0), probabilities.tokenUsage());
    }

    @Test
    void withoutCalibrationScoresAreLogits() {
        RerankScoringModel plain = RerankScoringModel.of(Contents.scorer((query, text) -> -7.5));
        assertEquals(List.of(-7.5), plain.scoreAll(SEGMENTS.subList(0, 1), "a").content());
    }

    @Test
    void oneTextOrSegmentScoresAsInAList() {
        double expected = model.scoreAll(SEGMENTS, "red apples").content().get(1);
        assertEquals(expected, model.score("red apples", "red apples").content());
        assertEquals(expected, model.score(SEGMENTS.get(1), "red apples").content());
        assertEquals(7, model.score("red apples", "red apples").tokenUsage().inputTokenCount());
    }

    @Test
    void noSegmentsAskNoModel() {
        RerankScoringModel never = RerankScoringModel.of(Contents.failing(new IllegalStateException("asked")));
        Response<List<Double>> none = never.scoreAll(List.of(), "a");
        assertEquals(List.of(), none.content());
        assertEquals(new TokenUsage(0, 0), none.tokenUsage());
    }

    @Test
    void nullAndBlankTextsScoreAsEmptyOnesInTheirPlaces() {
        TextSegment withoutText = new TextSegment("x", new Metadata()) {
            @Override
            public String text() {
                return null;
            }
        };
        List<Double> scores = model
                .scoreAll(Arrays.asList(SEGMENTS.get(1), null, withoutText, SEGMENTS.get(1)), "red").content();
        double empty = model.score("", "red").content();
        assertEquals(List.of(scores.getFirst(), empty, empty, scores.getFirst()), scores);
        assertEquals(empty, model.score((String) null, "red").content());
        assertTrue(scores.getFirst() > empty);
        assertEquals(1, model.scoreAll(SEGMENTS.subList(0, 1), "").content().size(), "an empty query is answered, too");
        assertThrows(NullPointerException.class, () -> model.scoreAll(SEGMENTS, null));
        assertThrows(NullPointerException.class, () -> model.scoreAll(null, "red"));
    }

    @Test
    void tenThousandSegments() {
        List<TextSegment> many = IntStream.range(0, 10_000).mapToObj(i -> TextSegment.from("number " + i)).toList();
        List<Double> scores = model.scoreAll(many, "number 9999").content();
        assertEquals(10_000, scores.size());
        assertEquals(scores.stream().max(Double::compare).orElseThrow(), scores.getLast());
    }

    @Test
    void tokensBeyondAnIntStayAtItsEnd() {
        RerankScoringModel huge = RerankScoringModel.of(Contents.answering((query, texts) -> new Scores(new float[2],
                new float[0], new int[]{Integer.MAX_VALUE, Integer.MAX_VALUE}, new BitSet(), Scores.Timings.ZERO)));
        assertEquals(Integer.MAX_VALUE, huge.scoreAll(SEGMENTS.subList(0, 2), "a").tokenUsage().inputTokenCount());
    }

    @Test
    void whatTheScorerThrowsIsThrown() {
        RerankException overloaded = new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
        RerankScoringModel failing = RerankScoringModel.of(Contents.failing(overloaded));
        assertSame(overloaded, assertThrows(RerankException.class, () -> failing.scoreAll(SEGMENTS, "a")));
        RerankScoringModel wrong = RerankScoringModel.of(Contents.answering((query, texts) -> new Scores(new float[1],
                new float[0], new int[1], new BitSet(), Scores.Timings.ZERO)));
        assertEquals("model fake scored 1 texts of 4",
                assertThrows(RerankException.class, () -> wrong.scoreAll(SEGMENTS, "a")).getMessage());
    }

    @Test
    void theTimeoutIsEachCallsDeadline() {
        RerankScoringModel hasty = model.withTimeout(Duration.ofNanos(1));
        assertEquals(RerankException.Kind.TIMEOUT,
                assertThrows(RerankException.class, () -> hasty.withLogits().scoreAll(SEGMENTS, "a")).kind());
        assertEquals(4, model.withTimeout(Duration.ofMinutes(1)).scoreAll(SEGMENTS, "a").content().size());
        assertEquals("timeout must be > 0, got PT0S",
                assertThrows(IllegalArgumentException.class, () -> model.withTimeout(Duration.ZERO)).getMessage());
    }

    @Test
    void closingLeavesTheScorerToItsMaker() {
        model.close();
        assertEquals(4, model.scoreAll(SEGMENTS, "a").content().size());
        scorer.close();
        assertThrows(IllegalStateException.class, () -> model.scoreAll(SEGMENTS, "a"));
    }

    @Test
    void theBuiltInModelWorksInTheirAggregatorAndIsFreedByClose() {
        RerankScoringModel builtIn = RerankScoringModel.builtIn();
        ReRankingContentAggregator theirs = new ReRankingContentAggregator(builtIn);
        List<Content> contents = theirs.aggregate(Map.of(Query.from("what is the capital of france"),
                List.of(Contents.contents("Bananas are yellow.", "Paris is the capital of France."))));
        assertEquals("Paris is the capital of France.", contents.getFirst().textSegment().text());
        double probability = builtIn.score("Paris is the capital of France.", "what is the capital of france")
                .content();
        assertTrue(probability > 0.3 && probability <= 1, "a probability: " + probability);
        builtIn.close();
        builtIn.close();
        assertThrows(IllegalStateException.class, () -> builtIn.scoreAll(SEGMENTS, "a"));
    }
}
