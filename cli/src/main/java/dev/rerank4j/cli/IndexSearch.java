package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One search over an index: for the command {@code search} as for the server, so that both find the same.
 *
 * @param index is searched
 * @param settings of the first stage
 * @param reranking the second stage
 * @param models of the second stage; empty for none
 * @param least the least probability of a hit; null for whatever is found
 */
record IndexSearch(TextIndex index, Config.Search settings, Reranking reranking,
        List<StageScorer> models, @Nullable Double least) {

    /** The name of every reranker. */
    private static final String RERANK = "rerank";

    /** The names of the second stage's stages, of so many models. */
    static List<String> stages(int models) {
        return models == 1
                ? List.of(RERANK)
                : IntStream.rangeClosed(1, models).mapToObj(place -> RERANK + "-" + place).toList();
    }

    /**
     * What was found, and by what.
     *
     * @param result as the pipeline gave it
     * @param relevant what left out the improbable; empty if nothing was to be left out
     * @param second what remembers the first stage's order; empty without a second stage
     */
    record Found(SearchResult result, Optional<RelevantOnly> relevant, Optional<FirstStage> second) {

        /**
         * The result, if its hits are probable enough.
         *
         * @throws UsageException as {@link RelevantOnly#checked}
         */
        SearchResult checked() {
            return relevant.map(stage -> stage.checked(result)).orElse(result);
        }
    }

    /**
     * Searches.
     *
     * @param applicability which stages apply
     */
    Found run(SearchRequest request, Applicability applicability) {
        Optional<Reranker> reranker = reranking.reranker(models, request.limit(), request.unit());
        Double least = this.least;
        Optional<RelevantOnly> relevant = least == null
                ? Optional.empty()
                : reranker.map(stage -> new RelevantOnly(stage, least));
        Optional<FirstStage> second = relevant.<Reranker>map(stage -> stage).or(() -> reranker).map(FirstStage::new);
        try (SearchPipeline pipeline = Assembly.pipeline(index, settings, second, applicability)) {
            return new Found(pipeline.search(request), relevant, second);
        }
    }
}
