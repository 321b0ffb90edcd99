package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.eval.DocumentRule;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What many configurations answer to a query, by the very stages that a search would use: each retriever is asked once for each
 * depth, the model scores the candidates of all of them once. For one thread.
 */
final class Simulation {

    private final List<Config> configs;
    private final List<StageScorer> scorers;
    private final Map<Config.Retrieval, Retriever> retrievers;
    private final int documents;
    private final Applicability applicability;
    private final UnaryOperator<String> ids;

    /**
     * What a configuration answered.
     *
     * @param documents best first
     * @param pairs how many each model read for it
     */
    record Answer(List<String> documents, List<Integer> pairs) {
    }

    /**
     * @param scorers the models of the configurations that rerank
     * @param documents how many documents of each answer matter
     * @param applicability of a hybrid pipeline that reranks
     * @param ids of documents, as judgments know them
     */
    Simulation(LuceneIndex index, List<Config> configs, List<StageScorer> scorers, int documents,
            Applicability applicability, UnaryOperator<String> ids) {
        this.applicability = applicability;
        this.configs = configs;
        this.scorers = scorers;
        this.retrievers = Map.of(Config.Retrieval.BM25, index.bm25(), Config.Retrieval.VECTOR, index.vector());
        this.documents = documents;
        this.ids = ids;
    }

    /**
     * @return of each configuration, in their order
     * @throws EvalScorer.Stopped if the scorer is told to
     */
    List<Answer> answers(Query query) {
        int deepest = configs.stream().mapToInt(Config::depth).max().orElse(1);
        QueryCandidates found = new QueryCandidates(query, retrievers, Math.max(deepest, documents), applicability,
                failure -> {
                });
        Map<Place, Ranking> candidates = new ConcurrentHashMap<>();
        configs.parallelStream().forEach(config -> candidates.computeIfAbsent(Place.of(config),
                place -> place.candidates(found)));
        List<Known> known = scorers.stream().map(Known::new).toList();
        if (!known.isEmpty() && !found.skips(IndexSearch.stages(known.size()).getFirst())) {
            known.getFirst().readAhead(query, texts(candidates));
        }
        return configs.parallelStream().map(config -> answer(found, candidates.get(Place.of(config)), config, known))
                .toList();
    }

    /** What the first model will read, for all configurations at once. */
    private List<String> texts(Map<Place, Ranking> candidates) {
        Set<String> texts = new LinkedHashSet<>();
        for (Config config : configs) {
            if (TuneGrid.reranks(config)) {
                candidates.get(Place.of(config)).top(config.reranker().stages().getFirst().depth())
                        .forEach(hit -> texts.add(hit.passage().content()));
            }
        }
        return List.copyOf(texts);
    }

    private Answer answer(QueryCandidates found, Ranking candidates, Config config, List<Known> known) {
        List<Reader> readers = known.stream().map(Reader::new).toList();
        Ranking best = TuneGrid.reranks(config)
                ? Assembly.reranker(config, readers.stream().map(reader -> reader.known.model.by(reader)).toList())
                        .map(reranker -> found.reranked(reranker, candidates))
                        .orElse(candidates)
                : candidates;
        Place place = Place.of(config);
        List<Hit> hits = best.byDocument().size() >= documents
                ? best.byDocument().hits()
                : EvalRanker.inFrontOf(best, found.all(place.retrieval(), place.fusing().fusion()),
                        DocumentRule.BEST);
        return new Answer(hits.stream().limit(documents).map(hit -> ids.apply(hit.passage().documentId())).toList(),
                readers.stream().map(reader -> reader.read).toList());
    }

    /** Configurations of one place rerank the same candidates. */
    private record Place(Config.Retrieval retrieval, Config.Fusing fusing, int depth) {

        static Place of(Config config) {
            Config.Search search = config.search();
            return new Place(search.retriever(), search.fusion(), config.depth());
        }

        Ranking candidates(QueryCandidates found) {
            return found.at(depth, retrieval, fusing.fusion());
        }
    }

    /** A model's scores for one query: each text is read once, whichever configuration asks. */
    private static final class Known {

        private final StageScorer model;
        private final Map<String, Float> logits = new HashMap<>();
        private Optional<RerankException> failure = Optional.empty();

        Known(StageScorer model) {
            this.model = model;
        }

        /** A failure is told to those who ask. */
        void readAhead(Query query, List<String> texts) {
            try {
                scores(ScoreRequest.of(query.text(), texts));
            } catch (RerankException e) {
                // kept
            }
        }

        synchronized Scores scores(ScoreRequest request) {
            failure.ifPresent(known -> {
                throw known;
            });
            List<String> unread = request.texts().stream().filter(text -> !logits.containsKey(text)).distinct()
                    .toList();
            if (!unread.isEmpty()) {
                try {
                    float[] read = model.scorer().score(ScoreRequest.of(request.query(), unread)).logits();
                    for (int i = 0; i < read.length; i++) {
                        logits.put(unread.get(i), read[i]);
                    }
                } catch (RerankException e) {
                    failure = Optional.of(e); // a search would go on without it
                    throw e;
                }
            }
            float[] scores = new float[request.texts().size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = logits.get(request.texts().get(i));
            }
            return new Scores(scores, new float[0], new int[scores.length], new BitSet(), Scores.Timings.ZERO);
        }
    }

    /** Counts what one configuration asks for. For one search. */
    private static final class Reader implements Scorer {

        private final Known known;
        private int read;

        Reader(Known known) {
            this.known = known;
        }

        @Override
        public String name() {
            return known.model.scorer().name();
        }

        @Override
        public Scores score(ScoreRequest request) {
            Scores scores = known.scores(request);
            read += scores.size();
            return scores;
        }

        @Override
        public void close() {
            // whoever made the model closes it
        }
    }
}
