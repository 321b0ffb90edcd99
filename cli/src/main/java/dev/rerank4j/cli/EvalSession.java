package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.EngineOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What {@code eval} and {@code tune} work with: an index that is up to date, a model, scores that are kept. */
final class EvalSession implements AutoCloseable {

    private final Models models;
    private final LuceneIndex index;
    private final EvalData data;
    private final List<ScoreCache> caches;
    private final List<EvalScorer> scorers;
    private final EvalRerankers rerankers;
    private final EvalInput input;
    private final BooleanSupplier interrupt;

    private EvalSession(Models models, LuceneIndex index, EvalData data, List<ScoreCache> caches,
            EvalRerankers rerankers, EvalInput input, BooleanSupplier interrupt) {
        this.rerankers = rerankers;
        this.input = input;
        this.interrupt = interrupt;
        this.models = models;
        this.index = index;
        this.data = data;
        this.caches = caches;
        List<LoadedReranker> loaded = models.rerankers();
        this.scorers = IntStream.range(0, caches.size())
                .mapToObj(i -> new EvalScorer(loaded.get(i).stage(), caches.get(i).scores(), this::stops)).toList();
    }

    /**
     * @throws InterruptedRun if somebody stops it while it indexes
     */
    static EvalSession open(Shell shell, EvalInput input, Config config, EvalRerankers rerankers,
            Interrupt interrupt, Diagnostics diagnostics) {
        return open(shell, input, config, rerankers, "", interrupt, diagnostics);
    }

    /**
     * @param rerankers what is measured
     * @param variant tells indexes of the same documents apart, that each is kept
     * @throws InterruptedRun if somebody stops it while it indexes
     */
    static EvalSession open(Shell shell, EvalInput input, Config config, EvalRerankers rerankers, String variant,
            Interrupt interrupt, Diagnostics diagnostics) {
        EvalSource source = input.source(shell);
        Path cache = DocsIndex.writableCache(shell, diagnostics);
        Models models = Models.load(config, rerankers.models(), EngineOptions.defaults(),
                new Downloads(shell, diagnostics, interrupt));
        try {
            LuceneIndex index = index(shell, input, source, models, config, variant, cache, interrupt,
                    diagnostics);
            try {
                EvalData data = source.read(index, interrupt);
                List<ScoreCache> scores = models.rerankers().stream().map(reranker -> ScoreCache.open(cache,
                        reranker.identity(), ScoreCache.LIMIT, diagnostics)).toList();
                return new EvalSession(models, index, data, scores, rerankers, input, interrupt);
            } catch (EvalScorer.Stopped e) {
                index.close();
                throw new InterruptedRun("interrupted while queries were made; nothing was measured yet");
            } catch (RuntimeException e) {
                index.close();
                throw e;
            }
        } catch (RuntimeException e) {
            models.close();
            throw e;
        }
    }

    private static LuceneIndex index(Shell shell, EvalInput input, EvalSource source, Models models, Config config,
            String variant, Path cache, Interrupt interrupt, Diagnostics diagnostics) {
        DocsIndex.Synced synced;
        try (Indexer indexer = new Indexer(models, config.index(), diagnostics)) {
            Path given = input.index();
            if (given != null) {
                return indexer.open(given);
            }
            synced = new DocsIndex(cache, source.roots(), models.encoder().name() + variant,
                    config.index().language(), indexer, diagnostics).open(Progress.on(shell, diagnostics), interrupt);
        }
        if (synced.report().stopped()) {
            synced.index().close();
            throw new InterruptedRun("interrupted; what is indexed so far is kept, and running this again goes on "
                    + "from there");
        }
        if (diagnostics.verbose()) {
            diagnostics.say(synced.report().summary());
        }
        return synced.index();
    }

    LuceneIndex index() {
        return index;
    }

    EvalData data() {
        return data;
    }

    /** Whether the work is to end here: somebody wants that, or no more calls are allowed. */
    boolean stops() {
        return interrupt.getAsBoolean() || spent();
    }

    /** Whether all calls were made that are allowed. */
    boolean spent() {
        return models.rerankers().stream().filter(LoadedReranker.Remote.class::isInstance)
                .map(LoadedReranker.Remote.class::cast).filter(LoadedReranker.Remote::billed)
                .mapToLong(model -> model.use().total().calls()).sum() >= input.spending().most();
    }

    /** The settings of the second stage of that name. */
    Config config(String name) {
        return rerankers.config(name);
    }

    /** The models of the configured second stage, with their scores kept. */
    List<StageScorer> scorers() {
        return scorers("");
    }

    /** The models of the second stage of that name, with their scores kept. */
    List<StageScorer> scorers(String name) {
        return rerankers.of(name, scorers.stream().map(EvalScorer::stage).toList());
    }

    /** The models of the second stage of that name, but what is remote is only noted. */
    List<StageScorer> planned(String name, EvalPlan plan) {
        List<LoadedReranker> loaded = models.rerankers();
        return rerankers.of(name, IntStream.range(0, loaded.size())
                .mapToObj(i -> loaded.get(i) instanceof LoadedReranker.Remote remote
                        ? remote.stage().by(new PlannedScorer(scorers.get(i), remote, plan))
                        : scorers.get(i).stage())
                .toList());
    }

    /** Whether a model of the second stage of that name is paid for. */
    boolean isBilled(String name) {
        return rerankers(name).stream()
                .anyMatch(model -> model instanceof LoadedReranker.Remote remote && remote.billed());
    }

    /** The models of the configured second stage as they are, to be timed. */
    List<StageScorer> models() {
        return models("");
    }

    /** The models of the second stage of that name as they are, to be timed. */
    List<StageScorer> models(String name) {
        return rerankers.of(name, models.scorers());
    }

    /** The models of the second stage of that name, and what is known of them. */
    List<LoadedReranker> rerankers(String name) {
        return rerankers.of(name, models.rerankers());
    }

    /** How many pairs the models have read. */
    long pairs() {
        return scorers.stream().mapToLong(EvalScorer::pairs).sum();
    }

    /** Which stages of a pipeline with this first stage are asked, as in a search with what is configured. */
    Applicability applicability(Config.Retrieval retrieval) {
        return applicability(retrieval, "");
    }

    /** The same with the second stage of that name. */
    Applicability applicability(Config.Retrieval retrieval, String name) {
        return input.ignoresLanguage()
                ? Applicability.ALWAYS
                : LanguageCheck.of(new EmbeddedIndex(index), models, rerankers.of(name, models.rerankers()), retrieval);
    }

    /** Writes the scores that are new, so that they survive whatever happens. */
    void keep() {
        caches.forEach(ScoreCache::commit);
    }

    /** How many pairs were scored so far, and are kept. */
    long kept() {
        return caches.stream().mapToLong(ScoreCache::size).sum();
    }

    @Override
    public void close() {
        caches.forEach(ScoreCache::close);
        index.close();
        models.close();
    }
}
