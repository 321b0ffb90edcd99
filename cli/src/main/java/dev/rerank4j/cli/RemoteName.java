package dev.rerank4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names of rerankers of others: {@code cohere}, {@code cohere:rerank-v3.5}, or what the configuration calls one. */
final class RemoteName {

    private RemoteName() {
    }

    /**
     * @param providers those of the configuration, by their names
     * @return empty if no provider has that name
     * @throws UsageException if one has it, but does not say enough
     */
    static Optional<ModelName> find(String text, Map<String, Provider> providers) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Provider settings = providers.getOrDefault(name, Provider.UNSAID);
        Optional<ProviderType> type = providers.containsKey(name)
                ? Optional.of(requireType(name, settings))
                : ProviderType.find(name);
        return type.map(found -> new ModelName.Remote(text, name, found,
                model(name, found, settings, colon < 0 ? "" : text.substring(colon + 1), colon >= 0), settings));
    }

    /**
     * What a provider is.
     *
     * @throws UsageException if neither its settings nor its name say it
     */
    static ProviderType requireType(String name, Provider settings) {
        return ProviderType.find(CommonOptions.or(settings.type(), name)).orElseThrow(() -> new UsageException(
                "provider " + name + " must say what it is: type: with one of "
                        + String.join(", ", ProviderType.words())));
    }

    private static String model(String name, ProviderType type, Provider settings, String given, boolean named) {
        if (named && given.isBlank()) {
            throw new UsageException("after " + name + ": a model's name must follow, such as " + name + ":"
                    + (type.model().isEmpty() ? "qwen3" : type.model()));
        }
        String model = named ? given : CommonOptions.or(settings.model(), type.model());
        if (model.isEmpty() && type.chat().isPresent()) {
            throw new UsageException(name + " serves many models: say which, such as " + name + ":qwen3, or with "
                    + "model: in the section providers of a --config file");
        }
        return model;
    }

    /** All that could be named. */
    static List<String> known(Map<String, Provider> providers) {
        List<String> known = new ArrayList<>(providers.keySet());
        known.addAll(ProviderType.words());
        known.add(ModelName.BUILT_IN);
        return known;
    }
}
