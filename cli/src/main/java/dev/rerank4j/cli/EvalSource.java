package dev.rerank4j.cli;

import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Where documents, queries and judgments come from. */
sealed interface EvalSource permits EvalCollection, EvalGenerated {

    /** For people. */
    String name();

    /** What is to be indexed. */
    List<Path> roots();

    /**
     * Queries and judgments.
     *
     * @param index of the {@link #roots()}
     * @param stop asked where it takes long
     * @throws UsageException if there are none, or they cannot be read
     * @throws EvalScorer.Stopped if somebody wants it to end
     */
    EvalData read(LuceneIndex index, BooleanSupplier stop);

    /**
     * A folder with {@code corpus.jsonl} or a folder {@code docs}, {@code queries.jsonl}, and {@code qrels}.
     *
     * @throws UsageException if it is not one
     */
    static EvalSource collection(Path folder, int most) {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--data must be a folder with corpus.jsonl or docs, queries.jsonl and qrels, "
                    + "there is no folder " + folder);
        }
        Path docs = folder.resolve("docs");
        Path corpus = folder.resolve("corpus.jsonl");
        if (!Files.exists(corpus) && !Files.isDirectory(docs)) {
            throw new UsageException("--data must hold corpus.jsonl or a folder docs, " + folder + " has neither");
        }
        return new EvalCollection(folder, Files.exists(corpus) ? corpus : docs, most);
    }
}
