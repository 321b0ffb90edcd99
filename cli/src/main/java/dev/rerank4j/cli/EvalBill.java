package dev.rerank4j.cli;

import dev.rerank4j.eval.Cost;
import dev.rerank4j.remote.BilledUnit;
import dev.rerank4j.remote.Usage;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What searches cost that ask providers, by what these say of each: nothing is estimated. Searches in which a provider
 * failed do not count, for nobody knows what is billed of them. For one search after another.
 */
final class EvalBill {

    private static final double SEARCHES = 1000;

    private final List<LoadedReranker.Remote> models;
    private final double[] units;
    private final double[] money;
    private int searches;
    private long calls;

    /**
     * @param models of the second stage; only what is remote is asked for
     */
    EvalBill(List<LoadedReranker> models) {
        this.models = models.stream().filter(LoadedReranker.Remote.class::isInstance)
                .map(LoadedReranker.Remote.class::cast).toList();
        units = new double[this.models.size()];
        money = new double[this.models.size()];
    }

    /** Whether a provider is asked at all. */
    boolean isRemote() {
        return !models.isEmpty();
    }

    /** A search begins. */
    void begin() {
        models.forEach(model -> model.use().mark());
    }

    /** It has ended. */
    void end() {
        List<RemoteUse.Total> spent = models.stream().map(model -> model.use().sinceMark()).toList();
        if (spent.stream().anyMatch(total -> total.failed() > 0)) {
            return;
        }
        searches++;
        for (int i = 0; i < models.size(); i++) {
            RemoteUse.Total total = spent.get(i);
            calls += total.calls();
            // What is not a number stays none, whatever is added: one search of which nothing is known is enough.
            units[i] += total.calls() == 0 ? 0 : total.unsaid() > 0 ? Double.NaN : units(total.usage());
            money[i] += total.calls() == 0
                    ? 0
                    : total.unsaid() > 0 ? Double.NaN : money(models.get(i).named(), total.usage());
        }
    }

    private static double units(Usage usage) {
        return usage.billedUnits().orElseGet(() -> tokens(usage));
    }

    private static double tokens(Usage usage) {
        return usage.inputTokens().isEmpty()
                ? Double.NaN
                : usage.inputTokens().getAsLong() + (double) usage.outputTokens().orElse(0);
    }

    private static double money(ModelName.Remote named, Usage usage) {
        Double price = named.settings().price();
        if (price == null) {
            return Double.NaN;
        }
        return switch (named.type().billed()) {
            case SEARCH_UNIT, RERANK_UNIT -> usage.billedUnits().orElse(Double.NaN) * price / 1000;
            case TOKEN, NONE -> tokenMoney(named, usage, price);
        };
    }

    private static double tokenMoney(ModelName.Remote named, Usage usage, double price) {
        double written = usage.outputTokens().orElse(0);
        Double outputPrice = named.settings().outputPrice();
        if (written > 0 && outputPrice == null) {
            return Double.NaN;
        }
        double read = usage.inputTokens().isPresent()
                ? usage.inputTokens().getAsLong()
                : usage.billedUnits().orElse(Double.NaN);
        return (read * price + (outputPrice == null ? 0 : written * outputPrice)) / 1e6;
    }

    /** Of a thousand such searches. */
    Cost cost() {
        if (models.isEmpty()) {
            return Cost.nothing(searches);
        }
        Set<String> kinds = new HashSet<>();
        Set<String> currencies = new HashSet<>();
        models.forEach(model -> {
            kinds.add(unit(model.named().type().billed()));
            currencies.add(CommonOptions.or(model.named().settings().currency(), ""));
        });
        boolean alike = kinds.size() == 1;
        boolean oneCurrency = currencies.size() == 1;
        return new Cost(searches == 0 ? 0 : calls * SEARCHES / searches, alike ? mean(units) : OptionalDouble.empty(),
                alike ? kinds.iterator().next() : "", oneCurrency ? mean(money) : OptionalDouble.empty(),
                oneCurrency ? currencies.iterator().next() : "", searches);
    }

    private OptionalDouble mean(double[] sums) {
        double sum = 0;
        for (double each : sums) {
            sum += each;
        }
        double mean = sum * SEARCHES / searches;
        return Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
    }

    /** For people. */
    static String money(double amount, String currency) {
        return (amount > 0 && amount < 0.01 ? "less than 0.01" : String.format(Locale.ROOT, "%,.2f", amount))
                + (currency.isEmpty() ? "" : " " + currency);
    }

    /** For people. */
    static String unit(BilledUnit unit) {
        return switch (unit) {
            case SEARCH_UNIT -> "search units";
            case RERANK_UNIT -> "rerank units";
            case TOKEN, NONE -> "tokens";
        };
    }
}
