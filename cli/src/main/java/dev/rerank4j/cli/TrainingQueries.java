package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the candidates of judged queries as a search does, and lets a model read them. For one thread. */
final class TrainingQueries {

    /** Passages of a judged document that was not found: those that the model likes most. */
    private static final int MISSED = 3;

    private final EvalSession session;
    private final Config.Retrieval retrieval;
    private final Fusion fusion;
    private final int depth;
    private final Map<Config.Retrieval, Retriever> retrievers;
    private final Set<String> warnings = new TreeSet<>();

    TrainingQueries(EvalSession session, Config config, int depth) {
        this.session = session;
        this.depth = depth;
        retrieval = config.search().retriever();
        fusion = config.search().fusion().fusion();
        LuceneIndex index = session.index();
        retrievers = QueryCandidates.parts(retrieval).stream().collect(Collectors.toMap(part -> part,
                part -> part == Config.Retrieval.BM25 ? index.bm25() : index.vector()));
    }

    /** What a reader must know: that a model does not know the language of the texts, or of a query. */
    Set<String> warnings() {
        return warnings;
    }

    /**
     * The query of this id with its candidates.
     *
     * @throws dev.rerank4j.RerankException if a stage fails: a model must not learn from what half a first stage found
     * @throws EvalScorer.Stopped if somebody wants it to end
     */
    TrainingQuery of(String id) {
        EvalData data = session.data();
        Query query = data.query(id);
        QueryCandidates found = new QueryCandidates(query, retrievers, depth, session.applicability(retrieval), e -> {
            throw e;
        });
        Map<String, Integer> grades = data.qrels().grades(id);
        List<TrainingQuery.Candidate> candidates = found.at(depth, retrieval, fusion).hits().stream().map(hit -> {
            String document = data.judgedId(hit.passage().documentId());
            return TrainingQuery.Candidate.of(hit, document, number(hit.passage()), grades.get(document));
        }).toList();
        List<TrainingQuery.Candidate> all = new ArrayList<>(read(query, candidates));
        Set<String> documents = candidates.stream().map(TrainingQuery.Candidate::document).collect(Collectors.toSet());
        grades.forEach((document, grade) -> {
            if (!documents.contains(document)) {
                all.addAll(missed(query, document, grade));
            }
        });
        IndexSearch.stages(session.scorers().size()).forEach(stage -> found.skips(stage));
        found.skipped().forEach((stage, reason) -> warnings.add(reason + (retrievers.values().stream()
                .anyMatch(retriever -> retriever.name().equals(stage))
                        ? ": it was not asked for candidates"
                        : ": fine-tuning does not teach it another")));
        return new TrainingQuery(query.text(), all);
    }

    private List<TrainingQuery.Candidate> missed(Query query, String document, int grade) {
        List<TrainingQuery.Candidate> passages = session.index().passages(session.data().prefix() + document).stream()
                .map(passage -> TrainingQuery.Candidate.of(passage, document, number(passage), grade)).toList();
        return read(query, passages).stream()
                .sorted(Comparator.comparingDouble(each -> each.logit() == null ? 0 : -each.logit())).limit(MISSED)
                .toList();
    }

    /** With the model's logits, if there is one: the last of a cascade, which is the good one. */
    private List<TrainingQuery.Candidate> read(Query query, List<TrainingQuery.Candidate> candidates) {
        List<StageScorer> scorers = session.scorers();
        if (scorers.isEmpty() || candidates.isEmpty()) {
            return candidates;
        }
        float[] logits = scorers.getLast().scorer().score(ScoreRequest.of(query.text(),
                candidates.stream().map(TrainingQuery.Candidate::text).toList(), Deadline.none())).logits();
        return IntStream.range(0, logits.length).mapToObj(i -> candidates.get(i).withLogit(logits[i])).toList();
    }

    /** Which passage of its document it is, from 1: what stands behind the last # of its id, if that is a number. */
    private int number(Passage passage) {
        String last = passage.id().substring(passage.id().lastIndexOf('#') + 1);
        if (last.matches("[0-9]{1,9}")) {
            return Integer.parseInt(last);
        }
        return 1 + session.index().passages(passage.documentId()).stream().map(Passage::id).toList()
                .indexOf(passage.id());
    }
}
