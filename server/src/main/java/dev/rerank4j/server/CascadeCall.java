package dev.rerank4j.server;

import dev.rerank4j.CascadeStage;
import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.StageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call that several models answer, as {@link Reranker#cascade} has it: the order of the first one is needed, a later
 * one that is late, busy or fails leaves the order of the one before. For one thread.
 */
final class CascadeCall {

    private final Scoring scoring;
    private final ServedCascade cascade;
    private final RerankCall call;
    private final Deadline deadline;
    private final List<StageReport> reports = new ArrayList<>();
    private final Reading.Text[] texts;
    private Reading cost = Reading.NOTHING;

    CascadeCall(Scoring scoring, ServedCascade cascade, RerankCall call, Deadline deadline) {
        this.scoring = scoring;
        this.cascade = cascade;
        this.call = call;
        this.deadline = deadline;
        texts = new Reading.Text[call.texts().size()];
    }

    /**
     * @throws RuntimeException as the first model, if it does not answer
     */
    Ranked ranked() {
        Ranking.Builder input = Ranking.builder(RerankCall.INPUT);
        for (int i = 0; i < call.texts().size(); i++) {
            // of one length, so that ties are in their order
            input.add(Passage.of(String.format(Locale.ROOT, "%010d", i), call.texts().get(i)), -i);
        }
        List<CascadeStage> stages = new ArrayList<>();
        for (ServedCascade.Stage stage : cascade.stages()) {
            // of texts in no order, the first model reads all
            stages.add(new CascadeStage(new Model(stage.model()), stages.isEmpty()
                    ? texts.length
                    : Math.min(texts.length, stage.depth())));
        }
        Ranking ranking = Reranker.cascade(stages)
                .rerankIn(this::run, Query.of(call.query()), input.build(), texts.length, deadline).orElseThrow();
        List<Ranked.Item> items = new ArrayList<>();
        float raw = Float.POSITIVE_INFINITY;
        float relevance = Float.POSITIVE_INFINITY;
        for (Hit hit : ranking) {
            Reading.Text text = texts[place(hit)];
            raw = Math.min(raw, text.logit());
            relevance = Math.min(relevance, text.relevance());
            items.add(new Ranked.Item(text, hit.probability(), raw, relevance,
                    hit.evidence().subList(1, hit.evidence().size())));
        }
        int cut = (int) items.stream().filter(item -> item.text().cut()).count();
        return new Ranked(cascade, List.copyOf(items.subList(0, Math.min(call.limit(), items.size()))),
                cost.tokens(), cut, cost.timings(), reports);
    }

    private Optional<Ranking> run(String stage, Supplier<Ranking> work) {
        long start = System.nanoTime();
        try {
            Ranking ranking = work.get();
            reports.add(new StageReport.Completed(stage, since(start), ranking.size()));
            return Optional.of(ranking);
        } catch (RerankException e) {
            return failed(stage, start, e.kind(), e);
        } catch (Refusal e) { // busy: it alone is said once the call is let in
            return failed(stage, start, RerankException.Kind.OVERLOADED, e);
        }
    }

    private Optional<Ranking> failed(String stage, long start, RerankException.Kind kind, RuntimeException e) {
        if (reports.isEmpty() || Thread.currentThread().isInterrupted()) {
            throw e;
        }
        reports.add(new StageReport.Failed(stage, since(start), kind, String.valueOf(e.getMessage())));
        return Optional.empty();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static int place(Hit hit) {
        return Integer.parseInt(hit.passage().id());
    }

    /** A model, which reads texts by their places in the call. */
    private final class Model implements Reranker {

        private final ServedModel model;

        Model(ServedModel model) {
            this.model = model;
        }

        @Override
        public String name() {
            return RerankCall.STAGE;
        }

        @Override
        public Ranking rerank(Query query, Ranking candidates, int limit, Deadline until) {
            List<Hit> hits = candidates.hits().stream().sorted((a, b) -> place(a) - place(b)).toList();
            Reading reading = scoring.read(call.withTexts(hits.stream().map(hit -> call.texts().get(place(hit)))
                    .toList()), model, until);
            cost = cost.plusCostOf(reading);
            Ranking.Builder ranking = Ranking.builder(name());
            for (Reading.Text text : reading.best()) {
                Hit hit = hits.get(text.index());
                Reading.Text before = texts[place(hit)];
                texts[place(hit)] = text.at(place(hit)).cutIf(before != null && before.cut());
                ranking.add(new Hit(hit.passage(), text.logit(), text.probability().isPresent()
                        ? text.probability()
                        : hit.probability(), hit.evidence()));
            }
            return ranking.build();
        }
    }
}
