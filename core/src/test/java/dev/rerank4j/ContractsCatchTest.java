package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The contracts can fail: each of these implementations breaks one promise and is caught. */
class ContractsCatchTest {

    @TestFactory
    Stream<DynamicTest> scorersThatBreakAPromise() {
        return Stream.of(
                scorer("answers in another order", ScorerContract::keepsTheOrderOfTheTexts,
                        (words, request) -> {
                            Scores scores = words.score(request);
                            float[] sorted = scores.logits().clone();
                            Arrays.sort(sorted);
                            return withLogits(scores, sorted);
                        }),
                scorer("wants a text", ScorerContract::givesNothingForNoTexts,
                        (words, request) -> {
                            request.texts().getFirst();
                            return words.score(request);
                        }),
                scorer("answers a hundred texts", ScorerContract::answersAThousandTextsEachInItsPlace,
                        (words, request) -> words.score(withTexts(request,
                                request.texts().subList(0, Math.min(100, request.texts().size()))))),
                scorer("depends on neighbours", ScorerContract::aScoreDoesNotDependOnItsNeighbours,
                        (words, request) -> {
                            Scores scores = words.score(request);
                            float[] logits = scores.logits().clone();
                            for (int i = 0; i < logits.length; i++) {
                                logits[i] += 0.01f * logits.length;
                            }
                            return withLogits(scores, logits);
                        }),
                scorer("tells equal texts apart", ScorerContract::equalTextsScoreEqually,
                        (words, request) -> {
                            Scores scores = words.score(request);
                            float[] logits = scores.logits().clone();
                            for (int i = 0; i < logits.length; i++) {
                                logits[i] += 0.01f * i;
                            }
                            return withLogits(scores, logits);
                        }),
                scorer("cuts in silence", ScorerContract::whatIsTooLongIsCutAndSaidSo,
                        (words, request) -> {
                            Scores s = words.score(request);
                            return new Scores(s.logits(), s.probabilities(), s.tokens(), new BitSet(), s.timings());
                        }),
                scorer("ignores maxTokens", ScorerContract::whatIsTooLongIsCutAndSaidSo,
                        (words, request) -> words.score(ScoreRequest.of(request.query(), request.texts()))),
                scorer("cuts always at the end", ScorerContract::theEndToCutIsTheOneAskedFor,
                        (words, request) -> words.score(new ScoreRequest(request.query(), request.texts(),
                                request.maxTokens(), ScoreRequest.Side.END, request.deadline()))),
                scorer("cuts the query", ScorerContract::theQueryIsNeverCut,
                        (words, request) -> words.score(withQuery(request, cut(request.query(), 20)))),
                scorer("cuts a query that fills the window", ScorerContract::aQueryThatFillsTheWindowIsRefused,
                        (words, request) -> words.score(withQuery(request, cut(request.query(), 5)))),
                scorer("fails on lone surrogates", ScorerContract::oddTextsGetFiniteScores,
                        (words, request) -> {
                            if (request.texts().stream().anyMatch(text -> text.endsWith("\ud83d"))) {
                                throw new IllegalArgumentException("broken surrogate");
                            }
                            return words.score(request);
                        }),
                scorer("probabilities fall", ScorerContract::probabilitiesRiseWithLogits,
                        (words, request) -> {
                            Scores s = words.score(request);
                            float[] falling = s.probabilities().clone();
                            for (int i = 0; i < falling.length; i++) {
                                falling[i] = 1 - falling[i];
                            }
                            return new Scores(s.logits(), falling, s.tokens(), s.cut(), s.timings());
                        }),
                scorer("ignores the deadline", ScorerContract::anExpiredDeadlineIsATimeoutAndDoesNoHarm,
                        (words, request) -> words.score(ScoreRequest.of(request.query(), request.texts()))),
                scorer("closes on a timeout", ScorerContract::anExpiredDeadlineIsATimeoutAndDoesNoHarm,
                        (words, request) -> {
                            if (request.deadline().expired()) {
                                words.close();
                            }
                            request.deadline().check("scoring");
                            return words.score(request);
                        }),
                scorer("goes on after close", ScorerContract::closingTwiceIsAllowedAndUseAfterwardsIsNot,
                        (words, request) -> new WordScorer().score(request)),
                scorer("goes on after close", ScorerContract::closingWhileScoringEndsTheCalls,
                        (words, request) -> new WordScorer().score(request)));
    }

    @TestFactory
    Stream<DynamicTest> encodersThatBreakAPromise() {
        return Stream.of(
                encoder("does not normalise", EncoderContract::vectorsHaveTheDimensionAndLengthOne,
                        vectors -> map(vectors, (vector, i) -> scaled(vector, 2))),
                encoder("answers in another order", EncoderContract::keepsTheOrderOfTheTexts,
                        vectors -> map(vectors, (vector, i) -> vectors[i / 2 * 2])),
                encoder("depends on neighbours", EncoderContract::aVectorDoesNotDependOnItsNeighbours,
                        vectors -> map(vectors, (vector, i) -> vectors.length > 1 ? scaled(vector, 1.01f) : vector)),
                encoder("answers a hundred texts", EncoderContract::answersAThousandTextsEachInItsPlace,
                        vectors -> Arrays.copyOf(vectors, Math.min(100, vectors.length))),
                encoder("gives an empty text no direction", EncoderContract::oddTextsHaveVectorsOfLengthOne,
                        vectors -> map(vectors, (vector, i) -> vector[0] == 1 ? scaled(vector, 0) : vector)));
    }

    @TestFactory
    Stream<DynamicTest> rerankersThatBreakAPromise() {
        AtomicInteger calls = new AtomicInteger();
        return Stream.of(
                reranker("ignores the limit", RerankerContract::theLimitHolds,
                        (words, candidates, limit) -> words.rerank(Query.of("capital"), candidates, 100,
                                Deadline.none())),
                reranker("takes limit 0 for all", RerankerContract::aLimitBelowOneIsMisuse,
                        (words, candidates, limit) -> words.rerank(Query.of("capital"), candidates,
                                limit < 1 ? 100 : limit, Deadline.none())),
                reranker("drops evidence", RerankerContract::evidenceIsKeptAndItsOwnAppended,
                        (words, candidates, limit) -> rebuilt(words.name(), candidates, limit,
                                hit -> new Hit(hit.passage(), hit.score(), OptionalDouble.empty(), List.of()))),
                reranker("turns evidence round", RerankerContract::evidenceIsKeptAndItsOwnAppended,
                        (words, candidates, limit) -> rebuilt(words.name(), candidates, limit,
                                hit -> new Hit(hit.passage(), hit.score(), OptionalDouble.empty(),
                                        hit.evidence().reversed()))),
                reranker("puts its own evidence first", RerankerContract::evidenceIsKeptAndItsOwnAppended,
                        (words, candidates, limit) -> rebuilt(words.name(), candidates, limit, hit -> {
                            List<Evidence> evidence = new ArrayList<>(hit.evidence());
                            evidence.addFirst(new Evidence("model", 1, 1));
                            return new Hit(hit.passage(), hit.score(), OptionalDouble.empty(), evidence);
                        })),
                reranker("gives evidence twice", RerankerContract::evidenceIsKeptAndItsOwnAppended,
                        (words, candidates, limit) -> rebuilt(words.name(), candidates, limit, hit -> {
                            List<Evidence> evidence = new ArrayList<>(hit.evidence());
                            evidence.add(hit.evidence().getFirst());
                            return new Hit(hit.passage(), hit.score(), OptionalDouble.empty(), evidence);
                        })),
                reranker("hands the candidates back", RerankerContract::ranksUnderItsOwnName,
                        (words, candidates, limit) -> candidates),
                reranker("keeps the first-stage order", RerankerContract::putsTheAnswerAboveWhatIsOffTopic,
                        (words, candidates, limit) -> rebuilt(words.name(), candidates, limit, hit -> hit)),
                reranker("wants candidates", RerankerContract::noCandidatesGiveAnEmptyRanking,
                        (words, candidates, limit) -> rebuilt(candidates.hits().getFirst().passage().id(), candidates,
                                limit, hit -> hit)),
                reranker("answers another way in stages", RerankerContract::inStagesItAnswersAsByItself,
                        (words, candidates, limit) -> words.rerank(Query.of("capital"), candidates,
                                1 + calls.getAndIncrement() % limit, Deadline.none())),
                reranker("invents a passage", RerankerContract::givesCandidatesOnlyAndEachOnce,
                        (words, candidates, limit) -> Ranking.builder(words.name())
                                .add(Passage.of("new", "Paris"), 1).build()));
    }

    @FunctionalInterface
    private interface Promise<C> {
        void testOn(C contract) throws Exception;
    }

    @FunctionalInterface
    private interface BrokenScore {
        Scores score(WordScorer words, ScoreRequest request);
    }

    @FunctionalInterface
    private interface BrokenRerank {
        Ranking rerank(Reranker words, Ranking candidates, int limit);
    }

    @FunctionalInterface
    private interface VectorChange {
        float[] apply(float[] vector, int place);
    }

    /** Any failure will do: an assertion's, or what the broken implementation threw. */
    private static DynamicTest caught(String name, Executable promise) {
        return DynamicTest.dynamicTest(name, () -> assertThrows(Throwable.class, promise));
    }

    private static DynamicTest scorer(String name, Promise<ScorerContract> promise, BrokenScore score) {
        ScorerContract contract = new ScorerContract() {
            private final Scorer shared = freshScorer();

            @Override
            protected Scorer scorer() {
                return shared;
            }

            @Override
            protected Scorer freshScorer() {
                WordScorer words = new WordScorer();
                return new Scorer() {
                    @Override
                    public String name() {
                        return words.name();
                    }

                    @Override
                    public Scores score(ScoreRequest request) {
                        return score.score(words, request);
                    }

                    @Override
                    public void close() {
                        words.close();
                    }
                };
            }

            @Override
            protected double tolerance() {
                return 1e-4;
            }
        };
        return caught(name, () -> promise.testOn(contract));
    }

    private static DynamicTest encoder(String name, Promise<EncoderContract> promise,
            UnaryOperator<float[][]> change) {
        WordEncoder words = new WordEncoder(64);
        Encoder broken = new Encoder() {
            @Override
            public String name() {
                return words.name();
            }

            @Override
            public int dimension() {
                return words.dimension();
            }

            @Override
            public float[] query(String text) {
                return words.query(text);
            }

            @Override
            public float[][] passages(List<String> texts) {
                return change.apply(words.passages(texts));
            }

            @Override
            public void close() {
                words.close();
            }
        };
        EncoderContract contract = new EncoderContract() {
            @Override
            protected Encoder encoder() {
                return broken;
            }

            @Override
            protected Encoder freshEncoder() {
                return broken;
            }

            @Override
            protected String queryInstruction() {
                return WordEncoder.INSTRUCTION;
            }

            @Override
            protected double tolerance() {
                return 1e-4;
            }
        };
        return caught(name, () -> promise.testOn(contract));
    }

    private static DynamicTest reranker(String name, Promise<RerankerContract> promise, BrokenRerank rerank) {
        Reranker words = Reranker.of(new WordScorer());
        Reranker broken = new Reranker() {
            @Override
            public String name() {
                return words.name();
            }

            @Override
            public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
                return rerank.rerank(words, candidates, limit);
            }
        };
        RerankerContract contract = new RerankerContract() {
            @Override
            protected Reranker reranker() {
                return broken;
            }
        };
        return caught(name, () -> promise.testOn(contract));
    }

    private static Scores withLogits(Scores scores, float[] logits) {
        return new Scores(logits, scores.probabilities(), scores.tokens(), scores.cut(), scores.timings());
    }

    private static ScoreRequest withTexts(ScoreRequest request, List<String> texts) {
        return new ScoreRequest(request.query(), texts, request.maxTokens(), request.cut(), request.deadline());
    }

    private static ScoreRequest withQuery(ScoreRequest request, String query) {
        return new ScoreRequest(query, request.texts(), request.maxTokens(), request.cut(), request.deadline());
    }

    private static String cut(String query, int words) {
        List<String> all = new ArrayList<>(List.of(query.split(" ")));
        return String.join(" ", all.subList(0, Math.min(words, all.size())));
    }

    private static float[][] map(float[][] vectors, VectorChange change) {
        float[][] changed = new float[vectors.length][];
        for (int i = 0; i < vectors.length; i++) {
            changed[i] = change.apply(vectors[i], i);
        }
        return changed;
    }

    private static float[] scaled(float[] vector, float factor) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    private static Ranking rebuilt(String stage, Ranking candidates, int limit, UnaryOperator<Hit> change) {
        Ranking.Builder ranking = Ranking.builder(stage);
        candidates.forEach(hit -> ranking.add(change.apply(hit)));
        return ranking.build().top(limit);
    }
}
