package dev.rerank4j.cli;

import dev.rerank4j.Reranker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code eval} measures: a first stage, and what is done with its candidates.
 *
 * @param model the name of the model that reranks; empty for what is configured
 * @param label what the model is called in reports
 */
record EvalSystem(Config.Retrieval retrieval, Second second, String model, String label) {

    /** With a model that is called as it is named. */
    EvalSystem(Config.Retrieval retrieval, Second second, String model) {
        this(retrieval, second, model, model);
    }

    /** The second stage. */
    enum Second {
        /** None. */
        NONE(""),
        /** The reranker as it is configured. */
        RERANK("+rerank"),
        /** The model's scores alone, or those of a cascade's models. */
        MODEL("+model");

        private final String suffix;

        Second(String suffix) {
            this.suffix = suffix;
        }
    }

    static final List<EvalSystem> DEFAULTS = List.of(
            new EvalSystem(Config.Retrieval.BM25, Second.NONE, ""),
            new EvalSystem(Config.Retrieval.VECTOR, Second.NONE, ""),
            new EvalSystem(Config.Retrieval.HYBRID, Second.NONE, ""),
            new EvalSystem(Config.Retrieval.BM25, Second.RERANK, ""),
            new EvalSystem(Config.Retrieval.HYBRID, Second.RERANK, ""));

    /**
     * Systems that are measured side by side. A model in a folder is called by the folder's last name, unless another
     * model of theirs is called so, too.
     *
     * @throws UsageException if there is no such system
     */
    static List<EvalSystem> parse(List<String> texts) {
        List<EvalSystem> systems = texts.stream().map(EvalSystem::parse).toList();
        Map<String, List<String>> models = systems.stream().map(EvalSystem::model).distinct()
                .collect(Collectors.groupingBy(EvalSystem::last));
        return systems.stream().map(system -> new EvalSystem(system.retrieval, system.second, system.model,
                models.get(last(system.model)).size() == 1 ? last(system.model) : system.model)).toList();
    }

    /** Of a folder, its last name; of what is none, all of it. */
    private static String last(String model) {
        return ModelName.folder(model).map(folder -> folder.toAbsolutePath().normalize().getFileName())
                .map(Path::toString).orElse(model);
    }

    /**
     * @throws UsageException if there is no such system
     */
    static EvalSystem parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String model = colon < 0 ? "" : text.substring(colon + 1).strip();
        EvalSystem known = all().stream()
                .filter(system -> system.name().equals(name.strip().toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new UsageException("--systems must be some of "
                        + all().stream().map(EvalSystem::name).collect(Collectors.joining(", ")) + ", got " + name
                        + Nearest.to(name, all().stream().map(EvalSystem::name).toList())
                                .map(near -> "; did you mean " + near + "?").orElse("")));
        if (colon >= 0 && (model.isEmpty() || model.equals(ModelName.NONE) || !known.reranks())) {
            throw new UsageException("--systems names a model after a colon behind +rerank or +model, such as "
                    + "hybrid+rerank:cohere, got " + text);
        }
        return new EvalSystem(known.retrieval, known.second, model);
    }

    private static List<EvalSystem> all() {
        return Arrays.stream(Second.values()).flatMap(second -> Config.Retrieval.EMBEDDED.stream()
                .map(retrieval -> new EvalSystem(retrieval, second, ""))).toList();
    }

    /** For people, such as {@code hybrid+rerank} and {@code hybrid+rerank:cohere}. */
    String name() {
        return retrieval.name().toLowerCase(Locale.ROOT) + second.suffix + (label.isEmpty() ? "" : ":" + label);
    }

    boolean reranks() {
        return second != Second.NONE;
    }

    /** The same without a second stage. */
    EvalSystem firstStage() {
        return new EvalSystem(retrieval, Second.NONE, "");
    }

    /**
     * Its second stage; empty if it has none, or there is no model.
     *
     * @param config whose reranker is the {@link #model}
     */
    Optional<Reranker> reranker(Config config, List<StageScorer> scorers) {
        return switch (second) {
            case NONE -> Optional.empty();
            case RERANK -> Assembly.reranker(config, scorers);
            case MODEL -> Assembly.reranker(config.with(config.reranker().unmixed()), scorers);
        };
    }

    /**
     * A system at a depth.
     *
     * @param name unique among those measured: the system's, with the depth unless it is the usual one
     * @param depth how many candidates every stage of the pipeline gives
     * @param usual whether it stands for its system where one figure is wanted
     */
    record AtDepth(String name, EvalSystem system, int depth, boolean usual) {
    }

    /**
     * The systems at the depths asked for. The plain name is the one at the usual depth; where there are several
     * depths, a system that reranks is there once more for each of them, as {@code hybrid+rerank@20}.
     *
     * @param depths at least one
     * @param usual the configured depth: if it is not among the depths, the deepest takes its place
     */
    static List<AtDepth> atDepths(List<EvalSystem> systems, List<Integer> depths, int usual) {
        List<AtDepth> all = new ArrayList<>();
        Set<Integer> each = new LinkedHashSet<>(depths.stream().sorted().toList());
        int chosen = each.contains(usual) ? usual : each.stream().mapToInt(Integer::intValue).max().orElseThrow();
        for (EvalSystem system : new LinkedHashSet<>(systems)) {
            all.add(new AtDepth(system.name(), system, chosen, true));
            if (system.reranks() && each.size() > 1) {
                each.forEach(depth -> all.add(new AtDepth(system.name() + "@" + depth, system, depth, false)));
            }
        }
        return all;
    }
}
