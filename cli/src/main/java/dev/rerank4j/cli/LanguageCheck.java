package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.ingest.LanguageDetector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Skips the stages whose model does not know the language of the texts, because they make the answer worse: where nine
 * in ten passages that pass the filter are in other languages, for every query; where both kinds are there, for queries
 * that are surely in another of the languages there are. A query alone decides nothing: short ones look like anything.
 */
final class LanguageCheck implements Applicability {

    private static final double NEARLY_ALL = 0.9;

    /** What retrievers by vectors are called. */
    private static final String VECTOR = "vector";

    private final TextIndex index;
    private final Map<String, Model> stages;
    private final LanguageDetector detector = new LanguageDetector();

    /**
     * A model that a stage asks.
     *
     * @param name for people
     * @param languages that it knows; empty if unknown
     */
    record Model(String name, Set<String> languages) {
    }

    /**
     * @param stages the models by the names of the stages; a stage without one always applies
     */
    LanguageCheck(TextIndex index, Map<String, Model> stages) {
        this.index = index;
        this.stages = Map.copyOf(stages);
    }

    /**
     * @param retrieval where vectors alone are wanted, they are asked: nothing else would be left
     */
    static LanguageCheck of(TextIndex index, Models models, Config.Retrieval retrieval) {
        return of(index, models, models.rerankers(), retrieval);
    }

    /**
     * @param rerankers of the second stage, in their order
     */
    static LanguageCheck of(TextIndex index, Models models, List<LoadedReranker> rerankers,
            Config.Retrieval retrieval) {
        Map<String, Model> stages = new HashMap<>();
        if (retrieval == Config.Retrieval.HYBRID) {
            stages.put(VECTOR, new Model(models.encoderName(), models.encoderLanguages()));
        }
        List<String> names = IndexSearch.stages(rerankers.size());
        for (int i = 0; i < rerankers.size(); i++) {
            stages.put(names.get(i), new Model(rerankers.get(i).name(), rerankers.get(i).languages()));
        }
        return new LanguageCheck(index, stages);
    }

    @Override
    public Optional<String> reasonToSkip(String stage, Query query) {
        return Optional.ofNullable(stages.get(stage)).filter(model -> !model.languages().isEmpty())
                .flatMap(model -> foreign(model, query))
                .map(what -> what + ", and " + stages.get(stage).name() + " knows only "
                        + TextLanguages.names(new TreeSet<>(stages.get(stage).languages())));
    }

    private Optional<String> foreign(Model model, Query query) {
        TextLanguages texts;
        try {
            texts = TextLanguages.of(index, query.filter());
        } catch (RerankException e) {
            return Optional.empty(); // the retriever will say it
        }
        if (2 * texts.known() < texts.passages() || texts.share(model.languages()::contains) >= NEARLY_ALL) {
            return Optional.empty();
        }
        if (texts.share(language -> !model.languages().contains(language)) >= NEARLY_ALL) {
            return Optional.of("the texts are " + TextLanguages.names(texts.present().stream()
                    .filter(language -> !model.languages().contains(language)).toList()));
        }
        return detector.detect(query.text(), Set.copyOf(texts.present()))
                .filter(language -> !model.languages().contains(language))
                .map(language -> "the query is " + TextLanguages.name(language));
    }
}
