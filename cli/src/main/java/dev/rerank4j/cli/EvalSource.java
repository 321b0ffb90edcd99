package dev.rerank4j.cli;

import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Where documents, queries and judgments come from. */
sealed interface EvalSource permits EvalCollection, EvalJudgments, EvalGenerated {

    /** For people. */
    String name();

    /** What is to be indexed. */
    List<Path> roots();

    /**
     * Queries and judgments.
     *
     * @param index of the {@link #roots()}
     * @param stop asked where it takes long
     * @throws UsageException if there are none
     * @throws EvalScorer.Stopped if somebody wants it to end
     */
    EvalData read(LuceneIndex index, BooleanSupplier stop);

    /** What some files and folders are called together. */
    static String names(List<Path> roots) {
        return String.join(", ", roots.stream().map(root -> String.valueOf(root.normalize())).toList());
    }
}
