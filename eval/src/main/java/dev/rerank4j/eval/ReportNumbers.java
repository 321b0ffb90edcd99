package dev.rerank4j.eval;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** Numbers and names as a report's reader sees them: the same in every locale. */
final class ReportNumbers {

    static final char MINUS = '\u2212';

    /** Between a number and its unit. */
    static final String THIN = "\u202F";

    private static final String NONE = "–";

    private static final Map<String, String> METRICS = Map.of("ndcg", "nDCG", "ndcg_exp", "nDCG-exp", "mrr", "MRR",
            "map", "MAP", "recall", "Recall", "p", "P", "hit", "Hit", "judged", "Judged");

    private ReportNumbers() {
    }

    static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
        return rounded.toPlainString().replace('-', MINUS);
    }

    /** Of a metric: three decimals, as bootstrap intervals of some hundred queries bear no more. */
    static String metric(double value) {
        return fixed(value, 3);
    }

    /** Of a difference, always with its sign unless it is nothing. */
    static String signed(double value) {
        String plain = metric(value);
        return value > 0 && !plain.equals("0.000") ? "+" + plain : plain;
    }

    static String range(Interval interval) {
        return metric(interval.low()) + "–" + metric(interval.high());
    }

    static String signedRange(double low, double high) {
        return signed(low) + "…" + signed(high);
    }

    /** Without its sign of comparison, unless it is too small to be told. */
    static String p(double p) {
        return p < 0.001 ? "< 0.001" : fixed(p, p < 0.1 ? 3 : 2);
    }

    /** Milliseconds for a sentence: two digits that matter. */
    static String millis(double millis) {
        return fixed(millis, millis < 10 ? 1 : 0) + THIN + "ms";
    }

    /** The field's spelling, such as nDCG@10; a metric that is not known keeps its name. */
    static String metricName(String name) {
        int at = name.indexOf('@');
        String word = (at < 0 ? name : name.substring(0, at)).toLowerCase(Locale.ROOT);
        return METRICS.getOrDefault(word, at < 0 ? name : name.substring(0, at)) + (at < 0 ? "" : name.substring(at));
    }

    /** Of a thousand queries. */
    static String calls(Cost cost) {
        return cost.queries() == 0 ? NONE : String.format(Locale.ROOT, "%,.0f", cost.calls());
    }

    /** Of a thousand queries, with its unit. */
    static String billed(Cost cost) {
        return cost.units().isEmpty()
                ? NONE
                : String.format(Locale.ROOT, "%,.0f", cost.units().getAsDouble())
                        + (cost.unit().isEmpty() ? "" : " " + cost.unit());
    }

    /** Of a thousand queries, with its currency. */
    static String cost(Cost cost) {
        return cost.amount().isEmpty() ? NONE : money(cost.amount().getAsDouble(), cost.currency());
    }

    /** Two decimals, or as many as a small amount needs. */
    static String money(double amount, String currency) {
        int decimals = amount == 0 || amount >= 0.1 ? 2 : Math.min(8, 1 - (int) Math.floor(Math.log10(amount)));
        return String.format(Locale.ROOT, "%,." + (amount == 0 ? 0 : decimals) + "f", amount)
                + (currency.isEmpty() ? "" : " " + currency);
    }

    /** A count and what is counted. */
    static String count(int number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
