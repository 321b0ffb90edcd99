package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.ModelKind;
import dev.rerank4j.onnx.ModelSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models show}. */
@Command(name = "show", sortOptions = false,
        description = "What is known of a model: by its files, if it is in the cache, and by the list of known models.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models show BAAI/bge-reranker-base",
                "  rerank models show BAAI/bge-m3 --json | jq .languages",
                "",
                "Exit codes: 0 done, 1 neither in the cache nor known, 2 wrong usage, 3 the",
                "cache could not be read."})
final class ModelsShowCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(names = "--json", order = 1, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        ModelHub hub = new ModelHub(Downloads.options(shell));
        ModelId id = Downloads.whole(model.id(), hub);
        List<CachedRepository> all = hub.list();
        Optional<CachedRepository> cached = ModelArgument.find(id, all);
        ModelFacts facts = ModelFacts.of(id, cached, hub);
        if (cached.isEmpty() && facts.known().isEmpty()) {
            diagnostics.say(ModelArgument.notCached(id, all) + ", and nothing else is known of it"
                    + ModelName.meant(id.repository()));
            return ExitCode.NOTHING;
        }
        List<String> files = ModelFacts.files(id, cached);
        if (json) {
            shell.out().println(Json.text(ShownJson.of(facts, files)));
        } else {
            print(facts, cached.isPresent(), files);
        }
        shell.out().flush();
        return ExitCode.FOUND;
    }

    private void print(ModelFacts facts, boolean present, List<String> files) {
        FactSheet sheet = new FactSheet(facts.id().toString())
                .fact("for", facts.purpose())
                .fact("architecture", facts.architecture().orElse(""))
                .fact("tokens", facts.maxLength().isPresent() ? Units.count(facts.maxLength().getAsInt()) : "")
                .fact("scores", facts.activation().map(ModelsShowCommand::meaning).orElse(""))
                .fact("pooling", ModelFacts.joined(facts.pooling()))
                .fact("query prefix", prefix(facts, facts.queryPrefix()))
                .fact("text prefix", prefix(facts, facts.textPrefix()))
                .fact("languages", facts.languagesInWords())
                .fact("licence", facts.licenceInWords())
                .fact("note", facts.known().map(KnownModel::note).orElse(""))
                .exact("sources", facts.known().map(KnownModel::source).orElse(List.of()));
        facts.cached().ifPresentOrElse(found -> sheet
                .fact("file", found.modelFile() + ", " + Units.size(ModelFacts.size(found)) + "; " + found.why())
                .exact("commit", List.of(found.commit()))
                .exact("where", List.of(found.folder().toString())),
                () -> sheet.fact("where", present
                        ? "in the cache, but without a file that would do here; '" + pull(facts) + "' says more"
                        : "not in the cache; '" + pull(facts) + "' downloads it"));
        sheet.fact("files", ModelFacts.joined(files))
                .fact("problem", facts.problem().orElse(""))
                .exact("use", facts.command().stream().toList())
                .print(shell.out(), shell.width(), shell.colourful());
    }

    private static String pull(ModelFacts facts) {
        return "rerank models pull " + facts.id()
                + (facts.known().map(KnownModel::commercial).orElse(true) ? "" : " --accept-licence");
    }

    /** That there is none is worth a word for encoders alone. */
    private static String prefix(ModelFacts facts, Optional<String> prefix) {
        boolean encoder = facts.kind().equals(Optional.of(ModelKind.ENCODER));
        return prefix.filter(text -> encoder || !text.isEmpty())
                .map(text -> text.isEmpty() ? "none" : "\"" + text + "\"").orElse("");
    }

    private static String meaning(ModelSpec.Activation activation) {
        return switch (activation) {
            case SIGMOID -> "probabilities (sigmoid)";
            case NONE -> "an order, and no probabilities";
        };
    }

    /**
     * What {@code --json} prints.
     *
     * @param cached null if it is not in the cache, or not all of it
     * @param problem why its files cannot be used; null if nothing is wrong
     */
    record ShownJson(String model, @Nullable String kind, @Nullable String architecture, @Nullable Integer maxLength,
            @Nullable String activation, List<String> pooling, @Nullable String queryPrefix,
            @Nullable String textPrefix, Set<String> languages, @Nullable String licence, @Nullable Boolean commercial,
            @Nullable String note, List<String> source, @Nullable CachedJson cached, List<String> files,
            @Nullable String problem) {

        static ShownJson of(ModelFacts facts, List<String> files) {
            Optional<KnownModel> known = facts.known();
            return new ShownJson(facts.id().toString(), facts.kind().map(ModelFacts::words).orElse(null),
                    facts.architecture().orElse(null),
                    facts.maxLength().isPresent() ? Integer.valueOf(facts.maxLength().getAsInt()) : null,
                    facts.activation().map(ModelFacts::words).orElse(null), facts.pooling(),
                    facts.queryPrefix().orElse(null), facts.textPrefix().orElse(null), facts.languages(),
                    facts.licence().orElse(null), known.map(KnownModel::commercial).orElse(null),
                    known.map(KnownModel::note).filter(note -> !note.isEmpty()).orElse(null),
                    known.map(KnownModel::source).orElse(List.of()),
                    facts.cached().map(CachedJson::of).orElse(null), files, facts.problem().orElse(null));
        }
    }

    /** Its files. */
    record CachedJson(String commit, String folder, String file, long bytes, String why) {

        static CachedJson of(HubModel model) {
            return new CachedJson(model.commit(), model.folder().toString(), model.modelFile(), ModelFacts.size(model),
                    model.why());
        }
    }
}
