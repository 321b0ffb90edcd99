package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelKind;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models list}. */
@Command(name = "list", sortOptions = false,
        description = "Models of the hub that are in the cache, also those that Python's huggingface_hub put there.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models list",
                "  rerank models list --known",
                "      names to choose from: what is known of licence, languages, length",
                "  rerank models list --providers",
                "      rerankers that others serve: Cohere, Jina, a server of your own, Ollama",
                "  rerank models list --json | jq -r .models[].model"})
final class ModelsListCommand implements Callable<Integer> {

    /** Languages that are named. */
    private static final int FEW = 4;

    private final Shell shell;

    @Option(names = "--known", order = 1,
            description = "Instead: all models that are known by name, in the cache or not.")
    private boolean known;

    @Option(names = "--providers", order = 1,
            description = "Instead: rerankers that others serve, by the names that --reranker takes, and whether their "
                    + "key is set; with those of a --config file.")
    private boolean providers;

    @Option(names = "--json", order = 2, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        common.diagnostics(shell);
        if (providers && known) {
            throw new UsageException("--known and --providers exclude each other: models for this machine, or others'");
        }
        if (providers) {
            providers(ProviderList.of(common.config().providers(), shell));
            shell.out().flush();
            return ExitCode.FOUND;
        }
        HubOptions hub = Downloads.options(shell);
        ModelHub models = new ModelHub(hub);
        List<CachedRepository> cached = models.list().stream()
                .filter(model -> model.bytes() > 0 || !model.revisions().isEmpty()).toList(); // refused: nothing came
        if (known) {
            known(cached.stream().map(CachedRepository::repository).collect(Collectors.toSet()));
        } else {
            cached(cached, models, hub);
        }
        shell.out().flush();
        return ExitCode.FOUND;
    }

    private void providers(List<ProviderList.ProviderJson> all) {
        if (json) {
            shell.out().println(Json.text(new ProviderList.ListJson(all)));
            return;
        }
        TextTable table = new TextTable("provider", "type", "model", "address", "key", "price");
        all.forEach(each -> table.row(each.name(), each.type(), Optional.ofNullable(each.model()).orElse(""),
                each.address(), each.keyInWords(), each.priceInWords()));
        table.print(shell.out(), shell.width(), shell.colourful());
        shell.out().println();
        shell.out()
                .println("--reranker takes PROVIDER or PROVIDER:MODEL; docs/remote.md in the repository tells more.");
    }

    private void cached(List<CachedRepository> cached, ModelHub models, HubOptions hub) {
        if (json) {
            shell.out().println(Json.text(new ListJson(hub.cache().toString(), cached.stream()
                    .map(model -> CachedJson.of(model, ModelFacts.of(model, models))).toList())));
            return;
        }
        if (cached.isEmpty()) {
            shell.out().println("no models in " + hub.cache() + " yet; 'rerank models pull OWNER/NAME' fetches one, "
                    + "'rerank models list --known' has names");
            return;
        }
        TextTable table = new TextTable("model", "for", "size", "revisions").numbers(2);
        cached.forEach(model -> table.row(model.repository(),
                ModelFacts.of(model, models).kind().map(ModelFacts::words).orElse("?"), Units.size(model.bytes()),
                revisions(model)));
        table.print(shell.out(), shell.width(), shell.colourful());
        shell.out().println();
        shell.out().println("in " + hub.cache());
    }

    private static String revisions(CachedRepository model) {
        return model.revisions().isEmpty()
                ? "none: a download that has not ended"
                : model.revisions().stream()
                        .map(revision -> revision.commit().substring(0, 12)
                                + (revision.names().isEmpty() ? "" : " (" + String.join(", ", revision.names()) + ")"))
                        .collect(Collectors.joining(", "));
    }

    private void known(Set<String> cached) {
        if (json) {
            shell.out().println(Json.text(new KnownListJson(KnownModel.all().stream()
                    .map(model -> KnownJson.of(model, cached.contains(model.repository()))).toList())));
            return;
        }
        for (ModelKind kind : ModelKind.values()) {
            TextTable table = new TextTable(ModelFacts.words(kind), "tokens", "languages", "licence").numbers(1);
            KnownModel.all().stream().filter(model -> model.kind() == kind).forEach(model -> table.row(
                    model.repository(),
                    model.maxLength().isPresent() ? Units.count(model.maxLength().getAsInt()) : "",
                    languages(model),
                    model.licence() + (model.commercial() ? "" : ", not for commercial use")
                            + (cached.contains(model.repository()) ? " (downloaded)" : "")));
            table.print(shell.out(), shell.width(), shell.colourful());
            shell.out().println();
        }
        shell.out().println("Empty: neither card nor configuration says it. Models that are not listed work, too.");
        shell.out().println("'rerank models show MODEL' tells more.");
    }

    private static String languages(KnownModel model) {
        return model.languages().size() > FEW
                ? model.languages().size() + " of them"
                : String.join(" ", new TreeSet<>(model.languages()));
    }

    /** What {@code --json} prints. */
    record ListJson(String cache, List<CachedJson> models) {
    }

    /** A model in the cache. */
    record CachedJson(String model, @Nullable String kind, long bytes, String lastUsed, String folder,
            List<RevisionJson> revisions) {

        static CachedJson of(CachedRepository model, ModelFacts facts) {
            return new CachedJson(model.repository(),
                    facts.kind().map(ModelFacts::words).orElse(null),
                    model.bytes(), model.lastUsed().truncatedTo(ChronoUnit.SECONDS).toString(),
                    model.folder().toString(), model.revisions().stream().map(revision -> new RevisionJson(
                            revision.commit(), revision.names(), revision.folder().toString(), revision.files()))
                            .toList());
        }
    }

    /** A state of it. */
    record RevisionJson(String commit, List<String> names, String folder, List<String> files) {
    }

    /** What {@code --known --json} prints. */
    record KnownListJson(List<KnownJson> models) {
    }

    /** A model of the list. */
    record KnownJson(String model, String kind, @Nullable String architecture, @Nullable String activation,
            @Nullable Integer maxLength, @Nullable String queryPrefix, @Nullable String textPrefix, String licence,
            boolean commercial, Set<String> languages, List<String> source, String note, boolean cached) {

        static KnownJson of(KnownModel model, boolean cached) {
            return new KnownJson(model.repository(), ModelFacts.words(model.kind()), orNull(model.architecture()),
                    orNull(model.activation().map(ModelFacts::words)),
                    model.maxLength().isPresent() ? Integer.valueOf(model.maxLength().getAsInt()) : null,
                    orNull(model.queryPrefix()), orNull(model.textPrefix()), model.licence(), model.commercial(),
                    new TreeSet<>(model.languages()), model.source(), model.note(), cached);
        }

        private static @Nullable String orNull(Optional<String> text) {
            return text.orElse(null);
        }
    }
}
