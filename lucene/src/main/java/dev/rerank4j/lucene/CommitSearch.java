package dev.rerank4j.lucene;

import dev.rerank4j.Deadline;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;

/** What searches have in common, however they find passages: the last commit, a limit, a deadline. */
final class CommitSearch {

    /** One way of finding passages. */
    interface Search {
        Ranking in(Passages passages) throws IOException;
    }

    /** What a passage that Lucene found is worth. */
    interface Scoring {
        double score(LeafReaderContext leaf, int doc, float luceneScore) throws IOException;
    }

    private final CommitReader reader;
    private final Path directory;

    CommitSearch(CommitReader reader, Path directory) {
        this.reader = reader;
        this.directory = directory;
    }

    /**
     * Searches the last commit.
     *
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if there is no index, or the deadline passed
     */
    Ranking search(String stage, int limit, Deadline deadline, Search search) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        deadline.check(stage);
        try {
            return reader.read(searcher -> search.in(new Passages(stage, searcher, limit, deadline)))
                    .orElseThrow(() -> IndexFailures.none(directory));
        } catch (IndexSearcher.TooManyClauses e) {
            throw new RerankException(Kind.INVALID_REQUEST, "the words and the filter of the query make more than "
                    + IndexSearcher.getMaxClauseCount() + " conditions: shorten them", e);
        }
    }

    /** The passages of one commit, for one search. */
    static final class Passages {

        private final String stage;
        private final IndexSearcher searcher;
        private final int limit;
        private final Deadline deadline;

        Passages(String stage, IndexSearcher shared, int limit, Deadline deadline) {
            this.stage = stage;
            this.limit = limit;
            this.deadline = deadline;
            searcher = new IndexSearcher(shared.getIndexReader()); // a timeout holds for all searches of a searcher
            if (deadline.isFinite()) {
                searcher.setTimeout(deadline::expired);
            }
        }

        /** At least 1 and at least as many as there are. */
        int count() {
            return Math.max(1, searcher.getIndexReader().numDocs());
        }

        /** The best ones for a Lucene query, by its scores. */
        Ranking best(Query query) throws IOException {
            return best(query, limit, (leaf, doc, score) -> score);
        }

        /**
         * The best ones for a Lucene query, by other scores.
         *
         * @param candidates how many of Lucene's best are scored; the limit is applied after that
         */
        Ranking best(Query query, int candidates, Scoring scoring) throws IOException {
            TopDocs top = searcher.search(query, candidates);
            deadline.check(stage); // what was found before a timeout is not the best
            List<LeafReaderContext> leaves = searcher.getLeafContexts();
            List<Candidate> scored = new ArrayList<>(top.scoreDocs.length);
            for (ScoreDoc hit : top.scoreDocs) {
                LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.doc, leaves));
                scored.add(new Candidate(hit.doc, scoring.score(leaf, hit.doc - leaf.docBase, hit.score)));
            }
            scored.sort(Comparator.comparingDouble(Candidate::score).reversed().thenComparing(Candidate::doc));
            StoredFields stored = searcher.storedFields();
            Ranking.Builder ranking = Ranking.builder(stage);
            for (Candidate candidate : scored.subList(0, Math.min(limit, scored.size()))) {
                ranking.add(StoredPassages.read(stored, candidate.doc()), candidate.score());
            }
            return ranking.build();
        }
    }

    private record Candidate(int doc, double score) {
    }
}
