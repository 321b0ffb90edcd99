package dev.rerank4j.server;

import dev.rerank4j.Scores;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What the server counts and times, for Prometheus. Labels are routes, statuses and names of ours: never text. */
final class Meters implements AutoCloseable {

    /** Of the seconds that people wait. */
    private static final Duration[] BUCKETS = {Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
            Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
            Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Counter pairs = Counter.builder("rerank4j.pairs").description("query-text pairs scored")
            .register(registry);
    private final Counter tokens = Counter.builder("rerank4j.tokens").description("tokens of these pairs")
            .register(registry);
    private final Counter cuts = Counter.builder("rerank4j.cut.texts")
            .description("texts too long for the model, which lost a part").register(registry);
    private final Counter degraded = Counter.builder("rerank4j.degraded.answers")
            .description("searches, and rerankings by a cascade, in which a stage failed or was cut off")
            .register(registry);
    private final Timer queue = timer("rerank4j.queue", "time that a request's pairs waited for the model");
    private final Timer tokenize = timer("rerank4j.tokenize", "time to turn a request's texts into tokens");
    private final DistributionSummary documents = DistributionSummary.builder("rerank4j.request.documents")
            .description("documents of a rerank request").serviceLevelObjectives(1, 10, 50, 100, 500, 1000, 10_000)
            .register(registry);

    Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS).register(registry);
    }

    /** From now on, what the models are doing is told, too. */
    void watch(Catalogue catalogue) {
        for (ServedModel model : catalogue.models()) {
            if (model.scorer() instanceof ObservedScorer observed) {
                observed.observe(this::scored);
            }
            Gauge.builder("rerank4j.queue.tokens", model, m -> m.load().get().waitingTokens())
                    .description("tokens that wait or run").tag("model", model.name()).strongReference(true)
                    .register(registry);
            counter(model, "rerank4j.batches", "batches run", ServedModel.Load::batches);
            counter(model, "rerank4j.batch.useful.tokens", "tokens in batches, padding left out",
                    ServedModel.Load::usefulTokens);
            counter(model, "rerank4j.batch.padded.tokens", "tokens in batches, padding included",
                    ServedModel.Load::paddedTokens);
            model.remote().ifPresent(remote -> watch(model.name(), remote));
        }
    }

    private void watch(String model, ServedModel.Remote remote) {
        FunctionTimer.builder("rerank4j.remote.calls", remote, r -> r.calls().get().count(),
                r -> r.calls().get().time().toNanos(), TimeUnit.NANOSECONDS).description("calls of other services")
                .tag("provider", remote.provider()).tag("model", model).register(registry);
        counter(model, remote, "rerank4j.remote.failed.calls", "calls that were not answered",
                ServedModel.Calls::failed);
        counter(model, remote, "rerank4j.remote.input.tokens", "tokens read, as the service says",
                ServedModel.Calls::inputTokens);
        counter(model, remote, "rerank4j.remote.output.tokens", "tokens written, as the service says",
                ServedModel.Calls::outputTokens);
        counter(model, remote, "rerank4j.remote.billed.units", "what is paid for, in the service's unit, as it says",
                ServedModel.Calls::billedUnits);
    }

    private void counter(String model, ServedModel.Remote remote, String name, String description,
            ToDoubleFunction<ServedModel.Calls> of) {
        FunctionCounter.builder(name, remote, r -> of.applyAsDouble(r.calls().get())).description(description)
                .tag("provider", remote.provider()).tag("model", model).register(registry);
    }

    private void counter(ServedModel model, String name, String description, ToLongFunction<ServedModel.Load> of) {
        FunctionCounter.builder(name, model, m -> of.applyAsLong(m.load().get())).description(description)
                .tag("model", model.name()).register(registry);
    }

    /** A request was answered. */
    void request(String route, int status, Duration time) {
        Timer.builder("rerank4j.requests").description("requests by route and status").tag("route", route)
                .tag("status", String.valueOf(status)).serviceLevelObjectives(BUCKETS).register(registry).record(time);
    }

    /** A rerank request came with so many texts, pieces of long ones counted. */
    void reranks(int texts) {
        documents.record(texts);
    }

    /** Pairs were scored. */
    private void scored(Scores scores) {
        pairs.increment(scores.size());
        long sum = 0;
        for (int count : scores.tokens()) {
            sum += count;
        }
        tokens.increment(sum);
        cuts.increment(scores.cut().cardinality());
        queue.record(scores.timings().queue());
        tokenize.record(scores.timings().tokenize());
    }

    /** A search was answered. */
    void searched(SearchResult result) {
        stages(result.stages());
    }

    /** A search was answered, or a cascade reranked. */
    void stages(List<StageReport> stages) {
        if (stages.stream().anyMatch(StageReport.Failed.class::isInstance)) {
            degraded.increment();
        }
        for (StageReport stage : stages) {
            String outcome = stage.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            Timer.builder("rerank4j.stages").description("stages of searches and of cascades by name and outcome")
                    .tag("stage", stage.stage()).tag("outcome", outcome).serviceLevelObjectives(BUCKETS)
                    .register(registry).record(stage.time());
        }
    }

    /** In Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
