package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Applicability;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.WordScorer;
import dev.rerank4j.eval.DocumentRule;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What eval and tune measure is what a search would answer, stage by stage. */
class SameAsSearchTest {

    private static final long SEED = 20261124;
    private static final Scorer SCORER = new WordScorer();
    private static final Config CONFIG = Config.DEFAULTS
            .with(Config.DEFAULTS.search().hits(SearchRequest.Unit.DOCUMENT, 10));

    /** One model, and two of different opinions of which the second reads what the first puts first. */
    private static final List<Setup> SETUPS = List.of(Setup.of(CONFIG, SCORER),
            Setup.of(CONFIG.with(CONFIG.reranker().withCascade(List.of(new Reranking.Narrowing("built-in", 15),
                    new Reranking.Narrowing("other", 6)))), SCORER, new Contrary()));

    private record Setup(Config config, List<StageScorer> scorers) {

        static Setup of(Config config, Scorer... scorers) {
            return new Setup(config, Stream.of(scorers).map(StageScorer::of).toList());
        }
    }

    /** Likes what the other one does not. */
    private record Contrary() implements Scorer {

        @Override
        public String name() {
            return "contrary";
        }

        @Override
        public Scores score(ScoreRequest request) {
            Scores scores = SCORER.score(request);
            float[] logits = scores.logits();
            for (int i = 0; i < logits.length; i++) {
                logits[i] = -logits[i];
            }
            return new Scores(logits, new float[0], scores.tokens(), scores.cut(), scores.timings());
        }

        @Override
        public void close() {
        }
    }

    @TempDir
    private static Path folder;

    private static LuceneIndex index;

    @BeforeAll
    static void index() {
        Random random = new Random(SEED);
        List<Passage> passages = new ArrayList<>();
        for (int document = 0; document < 60; document++) {
            for (int part = 0; part <= random.nextInt(5); part++) {
                passages.add(new Passage("d" + document + "#" + part, "d" + document, "", words(random, 12),
                        Location.NONE, Map.of()));
            }
        }
        index = LuceneIndex.open(folder, new WordEncoder(), "");
        index.add(passages);
        index.commit();
    }

    @AfterAll
    static void close() {
        index.close();
    }

    private static String words(Random random, int count) {
        return String.join(" ", IntStream.range(0, count).mapToObj(i -> "word" + random.nextInt(40)).toList());
    }

    private static List<String> search(Config.Search settings, Optional<Reranker> reranker, String query,
            Applicability applicability) {
        try (SearchPipeline pipeline = Assembly.pipeline(new EmbeddedIndex(index), settings, reranker, applicability)) {
            return pipeline.search(new SearchRequest(Query.of(query), SearchRequest.Unit.DOCUMENT,
                    settings.depthOr(50), settings.depthOr(50), Duration.ofMinutes(1))).ranking().hits()
                    .stream().map(hit -> hit.passage().documentId()).toList();
        }
    }

    private static final List<Applicability> CHECKS = List.of(Applicability.ALWAYS,
            (stage, query) -> stage.equals("vector") ? Optional.of("no vectors") : Optional.empty(),
            (stage, query) -> stage.equals("rerank-1") ? Optional.of("not the first") : Optional.empty(),
            (stage, query) -> stage.equals("rerank-2") ? Optional.of("not the second") : Optional.empty(),
            (stage, query) -> stage.equals("bm25") ? Optional.empty() : Optional.of("words alone"));

    @ParameterizedTest
    @FieldSource("SETUPS")
    void aSystemAtADepthBeginsWithWhatASearchAtThatDepthAnswers(Setup setup) {
        List<EvalSystem.AtDepth> systems = EvalSystem.atDepths(
                List.of("bm25", "vector", "hybrid", "bm25+rerank", "hybrid+rerank", "vector+rerank", "hybrid+model")
                        .stream().map(EvalSystem::parse).toList(),
                List.of(10, 20, 50), 20);
        Random random = new Random(SEED + 1);
        for (Applicability check : CHECKS) {
            EvalRanker ranker = new EvalRanker(index, setup.config(),
                    system -> system.reranker(setup.config(), setup.scorers()), systems, 60, DocumentRule.BEST,
                    model -> check);
            for (int i = 0; i < 10; i++) {
                String query = words(random, 3);
                Map<String, List<Hit>> ranked = ranker.rank(Query.of(query));
                for (EvalSystem.AtDepth system : systems) {
                    Config.Retrieval retrieval = system.system().retrieval();
                    // Of vectors alone nothing would be left.
                    Applicability asked = retrieval == Config.Retrieval.VECTOR
                            ? (stage, of) -> stage.equals("vector") ? Optional.empty() : check.reasonToSkip(stage, of)
                            : check;
                    List<String> found = search(
                            CONFIG.search().at(system.depth()).first(retrieval, CONFIG.search().fusion()),
                            system.system().reranker(setup.config(), setup.scorers()), query, asked);
                    List<String> documents = ranked.get(system.name()).stream()
                            .map(hit -> hit.passage().documentId()).toList();
                    String what = system.name() + ", query \"" + query + "\", seed " + SEED;
                    assertEquals(found, documents.subList(0, found.size()), what);
                    assertEquals(documents.size(), new HashSet<>(documents).size(), what);
                }
            }
        }
    }

    @Test
    void behindWhatWasRerankedStandTheOtherDocumentsThatWereFound() {
        List<EvalSystem.AtDepth> systems = EvalSystem.atDepths(List.of(EvalSystem.parse("hybrid"),
                EvalSystem.parse("hybrid+rerank")), List.of(5), 50);
        EvalRanker ranker = new EvalRanker(index, CONFIG,
                system -> system.reranker(CONFIG, List.of(StageScorer.of(SCORER))), systems, 60, DocumentRule.BEST,
                model -> Applicability.ALWAYS);
        Map<String, List<Hit>> ranked = ranker.rank(Query.of("word1 word2"));
        Set<String> alone = new HashSet<>();
        ranked.get("hybrid").forEach(hit -> alone.add(hit.passage().documentId()));
        Set<String> reranked = new HashSet<>();
        ranked.get("hybrid+rerank").forEach(hit -> reranked.add(hit.passage().documentId()));
        assertEquals(alone, reranked);
        assertTrue(alone.size() > 50, "" + alone.size());
    }

    @ParameterizedTest
    @FieldSource("SETUPS")
    void whatTuneSimulatesIsWhatASearchAnswers(Setup setup) {
        List<Config> configs = TuneGrid.of(setup.config(), List.of(10, 20), true);
        Random random = new Random(SEED + 2);
        for (Applicability check : CHECKS) {
            Simulation simulation = new Simulation(index, configs, setup.scorers(), 10, check,
                    UnaryOperator.identity());
            for (int i = 0; i < 3; i++) {
                String query = words(random, 3);
                List<Simulation.Answer> answers = simulation.answers(Query.of(query));
                for (int config = 0; config < configs.size(); config++) {
                    Config tried = configs.get(config);
                    Applicability asked = tried.search().retriever() == Config.Retrieval.VECTOR
                            ? (stage, of) -> stage.equals("vector") ? Optional.empty() : check.reasonToSkip(stage, of)
                            : check;
                    List<String> found = search(tried.search().at(tried.depth()), TuneGrid.reranks(tried)
                            ? Assembly.reranker(tried, setup.scorers())
                            : Optional.empty(), query, asked);
                    List<String> answer = answers.get(config).documents();
                    assertEquals(found.subList(0, Math.min(found.size(), answer.size())),
                            answer.subList(0, Math.min(found.size(), answer.size())),
                            TuneGrid.text(tried) + ", query \"" + query + "\", seed " + SEED);
                }
            }
        }
    }
}
