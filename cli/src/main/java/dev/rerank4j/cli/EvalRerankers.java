package dev.rerank4j.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The second stages that are measured side by side: the one that is configured, by the empty name, and others by the
 * names of their models. Each model is loaded once.
 */
final class EvalRerankers {

    private final Map<String, Config> configs = new LinkedHashMap<>();
    private final List<ModelName> models = new ArrayList<>();

    private EvalRerankers() {
    }

    /**
     * @param wanted names of models; the empty one for what is configured
     * @throws UsageException if one can be no name of a model
     */
    static EvalRerankers of(Config config, Collection<String> wanted) {
        EvalRerankers rerankers = new EvalRerankers();
        wanted.forEach(name -> rerankers.configs.put(name, name.isEmpty()
                ? config
                : config.with(config.reranker().withModel(name))));
        Set<ModelName> distinct = new LinkedHashSet<>();
        rerankers.configs.forEach((name, each) -> distinct.addAll(name.isEmpty() ? each.rerankers() : named(each)));
        rerankers.models.addAll(distinct);
        return rerankers;
    }

    private static List<ModelName> named(Config config) {
        try {
            return config.rerankers();
        } catch (UsageException e) {
            throw new UsageException(String.valueOf(e.getMessage()).replace("--reranker must be",
                    "--systems: a model must be"), e);
        }
    }

    /** All models, each once. */
    List<ModelName> models() {
        return List.copyOf(models);
    }

    /** The settings of that second stage. */
    Config config(String name) {
        Config config = configs.get(name);
        if (config == null) {
            throw new IllegalArgumentException("second stages must be those that were wanted, got " + name);
        }
        return config;
    }

    /** Of things that are in the order of the {@link #models}, those of that second stage; none if it was not wanted. */
    <T> List<T> of(String name, List<T> all) {
        return configs.containsKey(name)
                ? config(name).rerankers().stream().map(model -> all.get(models.indexOf(model))).toList()
                : List.of();
    }
}
