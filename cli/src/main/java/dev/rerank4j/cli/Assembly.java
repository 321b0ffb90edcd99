package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import java.util.List;
import java.util.Optional;

/**
 * Puts the stages of a search together as the configuration says: for {@code search} as for {@code eval} and
 * {@code tune}, so that what is measured is what is used.
 */
final class Assembly {

    private Assembly() {
    }

    /** The second stage of a search; empty if there is no model. */
    static Optional<Reranker> reranker(Config config, List<StageScorer> models) {
        return config.reranker().reranker(models, config.search().limit(), config.search().unit());
    }

    /** A pipeline over an index, of which every stage is asked. */
    static SearchPipeline pipeline(TextIndex index, Config.Search settings, Optional<? extends Reranker> reranker) {
        return pipeline(index, settings, reranker, Applicability.ALWAYS);
    }

    /** A pipeline over an index, of which the stages are asked that apply. */
    static SearchPipeline pipeline(TextIndex index, Config.Search settings, Optional<? extends Reranker> reranker,
            Applicability applicability) {
        SearchPipeline.Builder builder = SearchPipeline.builder().applicability(applicability);
        List<Retriever> retrievers = index.retrievers(settings.retriever());
        retrievers.forEach(builder::retriever);
        if (retrievers.size() > 1) {
            builder.fusion(settings.fusion().fusion());
        }
        reranker.ifPresent(builder::reranker);
        return builder.build();
    }
}
