package dev.rerank4j.eval;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** What is given for quality. */
enum ReportPrice {

    /** Time, by the median search. */
    LATENCY {
        @Override
        OptionalDouble of(SystemResult system) {
            return system.latency().isPresent()
                    ? OptionalDouble.of(system.latency().get().p50())
                    : OptionalDouble.empty();
        }

        @Override
        String told(SystemResult system) {
            return system.latency().map(latency -> ReportNumbers.millis(latency.p50())).orElse("");
        }

        @Override
        String word() {
            return "latency";
        }

        @Override
        String axis(List<SystemResult> systems) {
            return "median latency in ms";
        }
    },

    /** Money, where all of it is of one currency. */
    COST {
        @Override
        OptionalDouble of(SystemResult system) {
            return system.cost().map(Cost::amount).orElse(OptionalDouble.empty());
        }

        @Override
        String told(SystemResult system) {
            return system.cost().map(ReportNumbers::cost).orElse("");
        }

        @Override
        String word() {
            return "cost";
        }

        @Override
        String axis(List<SystemResult> systems) {
            return currencies(systems).stream().sorted(Comparator.naturalOrder()).findFirst()
                    .filter(currency -> !currency.isEmpty())
                    .map(currency -> "cost of 1,000 queries in " + HtmlText.name(currency))
                    .orElse("cost of 1,000 queries");
        }

        @Override
        boolean comparable(List<SystemResult> systems) {
            return currencies(systems).size() == 1;
        }
    };

    /** Finite and not negative; empty if it is not known. */
    abstract OptionalDouble of(SystemResult system);

    /** The same for people. */
    abstract String told(SystemResult system);

    abstract String word();

    /** What its axis says. */
    abstract String axis(List<SystemResult> systems);

    /** Whether the systems can be compared by it. */
    boolean comparable(List<SystemResult> systems) {
        return true;
    }

    /** Those of systems that cost something. */
    private static Set<String> currencies(List<SystemResult> systems) {
        return systems.stream().flatMap(system -> system.cost().stream())
                .filter(cost -> cost.amount().orElse(0) > 0).map(Cost::currency).collect(Collectors.toSet());
    }
}
