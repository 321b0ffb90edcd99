package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.eval.Collection;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Queries;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A judged collection.
 *
 * @param most how many queries are taken
 */
record EvalCollection(Collection collection, int most) implements EvalSource {

    /**
     * A folder of BEIR's layout.
     *
     * @param qrels judgments to take instead of the folder's
     * @throws UsageException if it is none
     */
    static EvalCollection of(Path folder, Optional<Path> qrels, int most) {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--data must be a folder with corpus.jsonl or docs, queries.jsonl and qrels, "
                    + "there is no folder " + folder);
        }
        if (qrels.isEmpty()) {
            return new EvalCollection(Collection.open(folder), most);
        }
        Collection found = Collection.open(
                first(folder, "corpus.jsonl", "docs"), first(folder, "queries.jsonl", "queries.tsv"), qrels.get());
        return new EvalCollection(new Collection(String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
                found.documents(), found.queries(), found.qrels()), most);
    }

    private static Path first(Path folder, String one, String other) {
        return Files.exists(folder.resolve(one)) ? folder.resolve(one) : folder.resolve(other);
    }

    /** Documents, queries and judgments in places of their own. */
    static EvalCollection of(Path documents, Path queries, Path qrels, int most) {
        return new EvalCollection(Collection.open(documents, queries, qrels), most);
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public List<Path> roots() {
        return List.of(collection.documents());
    }

    @Override
    public EvalData read(LuceneIndex index, BooleanSupplier stop) {
        Path root = collection.documents();
        Queries queries = collection.queries();
        Qrels qrels = collection.qrels();
        String below = Files.isDirectory(root) ? root.toString().replace('\\', '/') + "/" : "";
        // Judgments of queries that eval made and wrote name documents as the index does.
        boolean whole = qrels.queries().stream().flatMap(query -> qrels.grades(query).keySet().stream())
                .anyMatch(document -> document.startsWith(below));
        return EvalData.of(name(), queries.texts(), qrels, most, whole ? "" : below, false, collection.notes())
                .filtered(filters(queries, index));
    }

    private static Map<String, Filter> filters(Queries queries, LuceneIndex index) {
        Map<String, Filter> filters = new HashMap<>();
        queries.filters().forEach((query, conditions) -> {
            try {
                filters.put(query, FilterSyntax.parse(conditions, index.fields()));
            } catch (UsageException e) {
                throw new UsageException("query " + query + " has a filter that cannot be used: " + e.getMessage());
            }
        });
        return filters;
    }
}
