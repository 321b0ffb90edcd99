package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
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
import java.util.stream.IntStream;

/**
 * What many configurations answer to a query, by the very stages that a search would use: each retriever is asked once for each
 * depth, the model scores the candidates of all of them once. For one thread.
 */
final class Simulation {

    private final List<Config> configs;
    private final Optional<? extends Scorer> scorer;
    private final Map<Config.Retrieval, Retriever> retrievers;
    private final int documents;
    private final Applicability applicability;
    private final UnaryOperator<String> ids;
    private int failed;

    /**
     * What a configuration answered.
     *
     * @param documents best first
     * @param pairs how many the model read for it
     */
    record Answer(List<String> documents, int pairs) {
    }

    /**
     * @param scorer one that keeps scores
     * @param documents how many documents of each answer matter
     * @param applicability of a hybrid pipeline that reranks
     * @param ids of documents, as judgments know them
     */
    Simulation(LuceneIndex index, List<Config> configs, Optional<? extends Scorer> scorer, int documents,
            Applicability applicability, UnaryOperator<String> ids) {
        this.applicability = applicability;
        this.configs = configs;
        this.scorer = scorer;
        this.retrievers = Map.of(Config.Retrieval.BM25, index.bm25(), Config.Retrieval.VECTOR, index.vector());
        this.documents = documents;
        this.ids = ids;
    }

    /** On how many queries the model could not answer. */
    int failed() {
        return failed;
    }

    /**
     * @return of each configuration, in their order
     * @throws EvalScorer.Stopped if the scorer is told to
     */
    List<Answer> answers(Query query) {
        int deepest = configs.stream().mapToInt(config -> config.search().effectiveDepth()).max().orElse(1);
        QueryCandidates found = new QueryCandidates(query, retrievers, Math.max(deepest, documents), applicability,
                failure -> {
                });
        Map<Place, Ranking> candidates = new ConcurrentHashMap<>();
        configs.parallelStream().forEach(config -> candidates.computeIfAbsent(Place.of(config),
                place -> place.candidates(found)));
        Optional<Map<String, Float>> logits = found.reranks() ? logits(query, candidates) : Optional.empty();
        return IntStream.range(0, configs.size()).parallel()
                .mapToObj(i -> answer(found, candidates.get(Place.of(configs.get(i))), configs.get(i), logits))
                .toList();
    }

    /** The model's logits by text; empty if it cannot answer this query, as a search would go on without it. */
    private Optional<Map<String, Float>> logits(Query query, Map<Place, Ranking> candidates) {
        Set<String> texts = new LinkedHashSet<>();
        for (Config config : configs) {
            if (TuneGrid.reranks(config)) {
                candidates.get(Place.of(config)).forEach(hit -> texts.add(hit.passage().content()));
            }
        }
        if (scorer.isEmpty()) {
            return Optional.empty();
        }
        List<String> all = List.copyOf(texts);
        Map<String, Float> logits = new HashMap<>();
        try {
            Scores scores = scorer.get().score(ScoreRequest.of(query.text(), all));
            for (int i = 0; i < all.size(); i++) {
                logits.put(all.get(i), scores.logits()[i]);
            }
            return Optional.of(logits);
        } catch (RerankException e) {
            failed++;
            return Optional.empty();
        }
    }

    private Answer answer(QueryCandidates found, Ranking candidates, Config config,
            Optional<Map<String, Float>> logits) {
        Ranking best = candidates;
        int pairs = 0;
        if (TuneGrid.reranks(config) && logits.isPresent() && !candidates.isEmpty()) {
            KnownScorer known = new KnownScorer(logits.get());
            Reranker reranker = Assembly.reranker(config, Optional.of(known)).orElseThrow();
            best = reranker.rerank(found.query(), candidates, candidates.size(), Deadline.none());
            pairs = known.read;
        }
        Place place = Place.of(config);
        List<Hit> hits = best.byDocument().size() >= documents
                ? best.byDocument().hits()
                : EvalRanker.inFrontOf(best, found.all(place.retrieval(), place.fusing().fusion()),
                        DocumentRule.BEST);
        return new Answer(hits.stream().limit(documents).map(hit -> ids.apply(hit.passage().documentId())).toList(),
                pairs);
    }

    /** Configurations of one place rerank the same candidates. */
    private record Place(Config.Retrieval retrieval, Config.Fusing fusing, int depth) {

        static Place of(Config config) {
            Config.Search search = config.search();
            return new Place(search.retriever(), search.fusion(), search.effectiveDepth());
        }

        Ranking candidates(QueryCandidates found) {
            return found.at(depth, retrieval, fusing.fusion());
        }
    }

    /** Gives the scores of one query that are known, and counts how many are asked for. For one search. */
    private static final class KnownScorer implements Scorer {

        private final Map<String, Float> logits;
        private int read;

        KnownScorer(Map<String, Float> logits) {
            this.logits = logits;
        }

        @Override
        public String name() {
            return "known";
        }

        @Override
        public Scores score(ScoreRequest request) {
            int size = request.texts().size();
            read += size;
            float[] scores = new float[size];
            for (int i = 0; i < size; i++) {
                scores[i] = logits.get(request.texts().get(i));
            }
            return new Scores(scores, new float[0], new int[size], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
