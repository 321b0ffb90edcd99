package dev.rerank4j;

import java.util.Optional;

/**
 * Says which stages of a pipeline do not apply to a query: a model that does not know the language of the texts, say.
 * Such a stage is skipped, which costs nothing and is no failure. Safe for use by several threads; does not throw.
 */
@FunctionalInterface
public interface Applicability {

    /** Every stage applies. */
    Applicability ALWAYS = (stage, query) -> Optional.empty();

    /**
     * Why a stage should not be asked.
     *
     * @param stage the name of a retriever or of the reranker
     * @param query what is being searched for
     * @return one sentence for a person; empty if the stage applies
     */
    Optional<String> reasonToSkip(String stage, Query query);
}
