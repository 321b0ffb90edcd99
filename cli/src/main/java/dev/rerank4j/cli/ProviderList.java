package dev.rerank4j.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All providers that can be named: those of the configuration, and those that need none. */
final class ProviderList {

    private ProviderList() {
    }

    /** What {@code --json} prints. */
    record ListJson(List<ProviderJson> providers) {
    }

    /**
     * A provider.
     *
     * @param model that is asked if none is named; null if one must be, or the server knows
     * @param key where its key is looked for; null if it is asked without
     * @param keySet whether it is there
     * @param billed what a price is for
     */
    record ProviderJson(String name, String type, @Nullable String model, String address, @Nullable String key,
            boolean keySet, String billed, @Nullable Double price, @Nullable Double outputPrice,
            @Nullable String currency) {

        /** For people. */
        String keyInWords() {
            return key == null ? "" : key + (keySet ? ": set" : ": not set");
        }

        /** For people. */
        String priceInWords() {
            return price == null
                    ? ""
                    : EvalBill.money(price, CommonOptions.or(currency, "")) + " for "
                            + (billed.equals("tokens") ? "a million tokens" : "1,000 " + billed);
        }
    }

    /**
     * @throws UsageException if one of the configuration does not say what it is
     */
    static List<ProviderJson> of(Map<String, Provider> configured, Shell shell) {
        Map<String, Provider> all = new LinkedHashMap<>(new TreeMap<>(configured));
        ProviderType.words().forEach(word -> all.putIfAbsent(word, Provider.UNSAID));
        return all.entrySet().stream().map(entry -> of(entry.getKey(), entry.getValue(), shell)).toList();
    }

    private static ProviderJson of(String name, Provider settings, Shell shell) {
        ProviderType type = RemoteName.requireType(name, settings);
        String model = CommonOptions.or(settings.model(), type.model());
        Optional<String> variable = RemoteModel.keyVariable(type, settings);
        String file = settings.keyFile();
        return new ProviderJson(name, type.word(), model.isEmpty() ? null : model,
                CommonOptions.or(settings.address(), type.address().toString()),
                file != null ? file : variable.orElse(null),
                file != null || variable.filter(each -> !shell.variable(each).isBlank()).isPresent(),
                EvalBill.unit(type.billed()), settings.price(), settings.outputPrice(), settings.currency());
    }
}
