package dev.rerank4j.cli;

import dev.rerank4j.Reranker;
import dev.rerank4j.remote.BilledUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is to be asked of providers that are paid, foreseen before anything is: calls at most, as far as texts tell. */
final class EvalPlan {

    private static final int DOCUMENTS_OF_A_UNIT = 100;

    private final Map<LoadedReranker.Remote, Count> counts = new LinkedHashMap<>();

    /** For one provider. */
    private record Count(long calls, long texts, long units) {
        Count plus(long times, long moreCalls, long moreTexts, long moreUnits) {
            return new Count(calls + times * moreCalls, texts + times * moreTexts, units + times * moreUnits);
        }
    }

    /** So often a request with so many texts. */
    void add(LoadedReranker.Remote model, long times, int texts) {
        if (texts > 0 && model.billed()) {
            long calls = model.calls(texts);
            counts.merge(model, new Count(0, 0, 0).plus(times, calls, texts, units(model, texts, calls)),
                    (before, more) -> before.plus(1, more.calls, more.texts, more.units));
        }
    }

    /**
     * What has to be asked for to rank all queries, beside the scores that are kept. What runs on this machine is asked
     * where that decides what a provider reads, and its scores are kept.
     *
     * @param systems that are paid for
     * @param ranker makes what ranks them with these second stages
     */
    void add(EvalSession session, List<EvalSystem.AtDepth> systems,
            Function<Function<EvalSystem, Optional<Reranker>>, EvalRanker> ranker, Progress progress) {
        Map<String, List<StageScorer>> noted = new HashMap<>();
        systems.forEach(each -> noted.computeIfAbsent(each.system().model(), model -> session.planned(model, this)));
        EvalRanker planning = ranker.apply(system -> system.reranker(session.config(system.model()),
                noted.getOrDefault(system.model(), List.of())));
        EvalData data = session.data();
        progress.start(data.queries().size(), data.queries().size());
        int done = 0;
        for (String query : data.queries().keySet()) {
            planning.rank(data.query(query));
            progress.at(++done, session.pairs());
        }
    }

    /** So many searches of a system, nothing cached. */
    void add(EvalSession session, EvalSystem.AtDepth system, long searches) {
        List<LoadedReranker> models = session.rerankers(system.system().model());
        List<Reranking.Narrowing> stages = session.config(system.system().model()).reranker().stages();
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i) instanceof LoadedReranker.Remote remote) {
                add(remote, searches, Math.min(system.depth(), stages.get(i).depth()));
            }
        }
    }

    private static long units(LoadedReranker.Remote model, int texts, long calls) {
        return model.named().type().billed() == BilledUnit.SEARCH_UNIT
                ? (texts + DOCUMENTS_OF_A_UNIT - 1) / DOCUMENTS_OF_A_UNIT
                : calls;
    }

    /** All calls. */
    long calls() {
        return counts.values().stream().mapToLong(Count::calls).sum();
    }

    /** A sentence for each provider. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        counts.forEach((model, count) -> sentences.add(model.name() + " is paid for: this takes up to "
                + number(count.calls, "call") + " with " + number(count.texts, "text") + money(model, count)
                + "; scores that are kept are not asked for again"));
        return sentences;
    }

    private static String money(LoadedReranker.Remote model, Count count) {
        Provider settings = model.named().settings();
        Double price = settings.price();
        return switch (model.named().type().billed()) {
            case SEARCH_UNIT, RERANK_UNIT -> ", about " + Units.count(count.units) + " "
                    + EvalBill.unit(model.named().type().billed()) + (price == null
                            ? ""
                            : " or " + EvalBill.money(count.units * price / 1000,
                                    CommonOptions.or(settings.currency(), "")));
            case TOKEN, NONE -> "";
        };
    }

    private static String number(long count, String what) {
        return Units.count(count) + " " + what + (count == 1 ? "" : "s");
    }
}
