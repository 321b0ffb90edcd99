package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.eval.JudgmentResolver;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an index knows of the documents that judgments name. */
final class IndexLookup implements JudgmentResolver.Lookup {

    private static final int CANDIDATES = 50;

    /** Enough of a quotation to find it by, and few enough words for any index. */
    private static final int QUOTED = 2_000;

    /** Of more, looking for what somebody meant takes longer than it is worth. */
    private static final int NAMES = 10_000;

    private final LuceneIndex index;
    private final List<Path> roots;
    private @Nullable List<String> names;

    IndexLookup(LuceneIndex index, List<Path> roots) {
        this.index = index;
        this.roots = roots;
    }

    @Override
    public Optional<String> byId(String id) {
        List<String> written = new ArrayList<>(List.of(id));
        roots.forEach(root -> written.add(root.toString().replace('\\', '/') + "/" + id));
        for (String name : written) {
            if (!index.passages(name).isEmpty()) {
                return Optional.of(name);
            }
            int hash = name.lastIndexOf('#');
            String document = hash < 1 ? "" : name.substring(0, hash);
            if (hash > 0 && index.passages(document).stream().anyMatch(passage -> passage.id().equals(name))) {
                return Optional.of(document);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> byFile(String file) {
        String wanted = file.replace('\\', '/');
        return index.marks().keySet().stream().filter(name -> name.equals(wanted) || name.endsWith("/" + wanted))
                .flatMap(name -> index.documents(name).keySet().stream()).toList();
    }

    @Override
    public List<Passage> likely(String quotation) {
        Query query = Query.of(quotation.substring(0, Math.min(QUOTED, quotation.length())));
        try {
            return index.bm25().retrieve(query, CANDIDATES, Deadline.none()).byDocument().hits().stream()
                    .flatMap(hit -> index.passages(hit.passage().documentId()).stream()).toList();
        } catch (RerankException e) {
            return List.of();
        }
    }

    @Override
    public Optional<String> nearest(String name) {
        List<String> known = names;
        if (known == null) {
            known = names();
            names = known;
        }
        return Nearest.to(last(name), known);
    }

    /** Of files, and of documents that are not files; none where there are too many. */
    private List<String> names() {
        Collection<String> files = index.marks().keySet();
        List<String> all = new ArrayList<>();
        for (String file : files) {
            all.add(last(file));
            index.documents(file).keySet().stream().filter(document -> !document.equals(file)).forEach(all::add);
            if (all.size() > NAMES) {
                return List.of();
            }
        }
        return all;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
