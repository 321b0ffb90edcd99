package dev.rerank4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A whole search: retrievers in parallel, fusion, the best <em>depth</em> candidates to the reranker, all within one
 * deadline. It answers with what it has: a retriever that fails leaves the hits of the others, a reranker that fails or
 * is late leaves the first-stage order, and the {@link SearchResult} says so. Safe for use by several threads.
 *
 * <p>Closing it does not close its retrievers, models and indexes: who made them closes them.
 */
public final class SearchPipeline implements AutoCloseable {

    private final List<Retriever> retrievers;
    private final Fusion fusion;
    private final Optional<Reranker> reranker;
    private final Applicability applicability;
    private final SearchListener listener;
    // Long-lived: an executor per request would wait for its tasks at close and so ignore the deadline.
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    private SearchPipeline(Builder builder) {
        retrievers = List.copyOf(builder.retrievers);
        fusion = builder.fusion;
        reranker = builder.reranker;
        applicability = builder.applicability;
        listener = builder.listener;
    }

    /** {@return an empty builder: to it are added one retriever at least, or a reranker, before it can build} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Searches.
     *
     * @param request what is wanted, and how long the caller waits
     * @return hits, best first: in the reranker's order if it answered, else in first-stage order
     * @throws RerankException if no retriever answered, with the kind of the first failure; {@code UNAVAILABLE} if the
     *         thread was interrupted, which it still is then. The pipeline remains usable.
     * @throws IllegalStateException if closed, before or meanwhile; if there is no retriever
     */
    public SearchResult search(SearchRequest request) {
        if (retrievers.isEmpty()) {
            throw new IllegalStateException("a search pipeline needs at least one retriever to search");
        }
        return heard(request, (deadline, reports) -> {
            Ranking candidates = firstStage(request, deadline, reports);
            return secondStage(request, candidates, deadline, reports);
        });
    }

    /**
     * The second stage alone, for candidates that were found elsewhere: by a framework, a search engine, a database.
     * Within the deadline and with the same fallback as {@link #search}; retrievers and fusion are not asked. The best
     * {@code depth} candidates are reranked, what stands behind them is left out.
     *
     * @param request its filter is taken to have been applied
     * @param candidates possibly none
     * @return hits, best first: in the reranker's order if it answered, else in that of the candidates
     * @throws RerankException {@code UNAVAILABLE} if the thread was interrupted, which it still is then. The pipeline
     *         remains usable.
     * @throws IllegalStateException if closed, before or meanwhile
     */
    public SearchResult rerank(SearchRequest request, Ranking candidates) {
        return heard(request, (deadline, reports) -> secondStage(request, candidates.top(request.depth()), deadline,
                reports));
    }

    private SearchResult heard(SearchRequest request, BiFunction<Deadline, List<StageReport>, Ranking> stages) {
        SearchResult result;
        try {
            List<StageReport> reports = new ArrayList<>();
            Ranking best = stages.apply(Deadline.in(request.timeout()), reports);
            result = new SearchResult(best, reports);
        } catch (RerankException e) {
            listener.onFailure(request, e);
            throw e;
        }
        listener.onResult(request, result);
        return result;
    }

    private Ranking secondStage(SearchRequest request, Ranking candidates, Deadline deadline,
            List<StageReport> reports) {
        Ranking best = reranked(request, candidates, deadline, reports).orElse(candidates);
        Ranking units = switch (request.unit()) {
            case PASSAGE -> best;
            case DOCUMENT -> best.byDocument();
        };
        return units.top(request.limit());
    }

    private Ranking firstStage(SearchRequest request, Deadline deadline, List<StageReport> reports) {
        List<Optional<StageTask>> places = new ArrayList<>();
        List<StageReport.Skipped> skipped = new ArrayList<>();
        for (Retriever retriever : retrievers) {
            Optional<StageReport.Skipped> skip = skip(retriever.name(), request);
            skip.ifPresent(skipped::add);
            places.add(skip.isPresent()
                    ? Optional.empty()
                    : Optional.of(start(retriever.name(), () -> retriever
                            .retrieve(request.query(), request.depth(), deadline).top(request.depth()))));
        }
        List<StageTask> tasks = places.stream().flatMap(Optional::stream).toList();
        if (tasks.isEmpty()) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST,
                    "no retriever applies to the query ("
                            + String.join("; ",
                                    skipped.stream().map(report -> report.stage() + ": " + report.reason()).toList())
                            + ")");
        }
        List<Ranking> rankings = new ArrayList<>(); // each in its place, also of stages that gave none
        List<StageTask> failed = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Optional<StageTask> task = places.get(i);
            Optional<Ranking> ranking = task.isPresent() ? await(task.get(), deadline, tasks) : Optional.empty();
            reports.add(task.isPresent() ? task.get().report() : skipped.removeFirst());
            if (task.isPresent() && ranking.isEmpty()) {
                failed.add(task.get());
            }
            String stage = retrievers.get(i).name();
            rankings.add(ranking.orElseGet(() -> Ranking.builder(stage).build()));
        }
        if (failed.size() == tasks.size()) {
            throw noRetrieverAnswered(failed);
        }
        if (tasks.size() == 1) {
            return rankings.get(places.indexOf(Optional.of(tasks.getFirst())));
        }
        StageTask fuse = start(Fusion.NAME, () -> fusion.fuse(rankings).top(request.depth()));
        Optional<Ranking> fused = await(fuse, Deadline.none(), tasks); // pure and quick: worth more than the deadline
        reports.add(fuse.report());
        return fused.or(() -> rankings.stream().filter(ranking -> !ranking.isEmpty()).findFirst())
                .orElse(rankings.getFirst());
    }

    private Optional<Ranking> reranked(SearchRequest request, Ranking candidates, Deadline deadline,
            List<StageReport> reports) {
        if (reranker.isEmpty() || candidates.isEmpty()) {
            return Optional.empty();
        }
        // Passages of one document collapse after reranking, so that all candidates must come back in order.
        int limit = switch (request.unit()) {
            case PASSAGE -> request.limit();
            case DOCUMENT -> request.depth();
        };
        return reranker.get().rerankIn((stage, work) -> run(stage, work, request, deadline, reports), request.query(),
                candidates, limit, deadline).map(ranking -> ranking.top(limit));
    }

    private Optional<Ranking> run(String stage, Supplier<Ranking> work, SearchRequest request, Deadline deadline,
            List<StageReport> reports) {
        Optional<StageReport.Skipped> skip = skip(stage, request);
        if (skip.isPresent()) {
            reports.add(skip.get());
            return Optional.empty();
        }
        StageTask task = start(stage, work);
        Optional<Ranking> ranking = await(task, deadline, List.of(task));
        reports.add(task.report());
        return ranking;
    }

    private Optional<StageReport.Skipped> skip(String stage, SearchRequest request) {
        return applicability.reasonToSkip(stage, request.query())
                .map(reason -> new StageReport.Skipped(stage, reason));
    }

    private StageTask start(String stage, Supplier<Ranking> work) {
        StageTask task = new StageTask(stage, work);
        try {
            task.startOn(executor);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("search pipeline is closed", e);
        }
        return task;
    }

    private static Optional<Ranking> await(StageTask task, Deadline deadline, List<StageTask> all) {
        try {
            return task.await(deadline);
        } catch (InterruptedException e) {
            all.forEach(StageTask::cancel);
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "search was interrupted", e);
        }
    }

    private static RerankException noRetrieverAnswered(List<StageTask> failed) {
        List<String> reasons = new ArrayList<>();
        failed.forEach(task -> reasons.add(task.stage() + ": " + task.failure().getMessage()));
        RerankException first = failed.getFirst().failure();
        RerankException all = new RerankException(first.kind(),
                "no retriever answered (" + String.join("; ", reasons) + ")", first);
        failed.stream().skip(1).forEach(task -> all.addSuppressed(task.failure()));
        return all;
    }

    /** Ends running stages and refuses further searches; does not wait; a second call does nothing. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** Puts a pipeline together; not safe for use by several threads. */
    public static final class Builder {

        private final List<Retriever> retrievers = new ArrayList<>();
        private Fusion fusion = Fusion.reciprocalRank(60);
        private Optional<Reranker> reranker = Optional.empty();
        private Applicability applicability = Applicability.ALWAYS;
        private SearchListener listener = SearchListener.NONE;

        private Builder() {
        }

        /**
         * Adds a first stage; with several, their rankings are fused. Without any, the pipeline can {@linkplain
         * SearchPipeline#rerank rerank} what others have found, but not search.
         *
         * @param retriever asked in parallel with the others; remains the caller's to close
         * @return this
         */
        public Builder retriever(Retriever retriever) {
            retrievers.add(Objects.requireNonNull(retriever, "retriever"));
            return this;
        }

        /**
         * How the rankings of several retrievers become one; reciprocal rank with k = 60 if not said.
         *
         * @param fusion replaces the one given before
         * @return this
         */
        public Builder fusion(Fusion fusion) {
            this.fusion = Objects.requireNonNull(fusion, "fusion");
            return this;
        }

        /**
         * The second stage; without one, the first-stage order is the answer.
         *
         * @param reranker replaces the one given before; remains the caller's to close
         * @return this
         */
        public Builder reranker(Reranker reranker) {
            this.reranker = Optional.of(reranker);
            return this;
        }

        /**
         * Asked before each retriever and the reranker, whether it applies to the query. If one retriever alone is
         * left, its ranking is the first stage's, without fusion. If none is, the search fails with
         * {@code INVALID_REQUEST}.
         *
         * @param applicability replaces the one given before
         * @return this
         */
        public Builder applicability(Applicability applicability) {
            this.applicability = Objects.requireNonNull(applicability, "applicability");
            return this;
        }

        /**
         * Hears of every search; only the last one given counts.
         *
         * @param listener called on the thread of each search
         * @return this
         */
        public Builder listener(SearchListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * The pipeline of what was given so far; the builder can go on being used, without effect on it.
         *
         * @return ready to search, or to rerank alone if there is no retriever; to be closed by the caller
         * @throws IllegalStateException if there is neither a retriever nor a reranker
         * @throws IllegalArgumentException if two stages have the same name
         */
        public SearchPipeline build() {
            if (retrievers.isEmpty() && reranker.isEmpty()) {
                throw new IllegalStateException("a search pipeline needs at least one retriever or a reranker");
            }
            Set<String> names = new HashSet<>(Set.of(Fusion.NAME));
            List<String> stages = new ArrayList<>(retrievers.stream().map(Retriever::name).toList());
            reranker.ifPresent(stage -> stages.add(stage.name()));
            for (String stage : stages) {
                if (!names.add(stage)) {
                    throw new IllegalArgumentException("stage names must differ, got " + stage + " twice");
                }
            }
            return new SearchPipeline(this);
        }
    }
}
