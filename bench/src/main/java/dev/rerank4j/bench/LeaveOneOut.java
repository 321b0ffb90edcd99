package dev.rerank4j.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Means of settings by collection, and what choosing among them is worth: a setting is chosen on all collections but
 * one and measured on that one.
 *
 * @param means of each setting, in the order of {@link Bm25Memory#METRICS}, by the collection's name
 */
record LeaveOneOut(Map<Bm25Setting, Map<String, double[]>> means) {

    double of(Bm25Setting setting, String collection, int metric) {
        return means.get(setting).get(collection)[metric];
    }

    /** The mean over collections. */
    double of(Bm25Setting setting, List<String> collections, int metric) {
        return collections.stream().mapToDouble(collection -> of(setting, collection, metric)).average().orElse(0);
    }

    /** The best in nDCG@10, on the mean over the collections; of equal ones the first. */
    Bm25Setting best(List<Bm25Setting> settings, List<String> collections) {
        return settings.stream().max(Comparator.comparingDouble((Bm25Setting setting) -> of(setting, collections, 0))
                .thenComparing(settings::indexOf, Comparator.reverseOrder())).orElseThrow();
    }

    /** The best on all others. */
    Bm25Setting bestWithout(String left, List<Bm25Setting> settings, List<String> collections) {
        return best(settings, collections.stream().filter(name -> !name.equals(left)).toList());
    }
}
