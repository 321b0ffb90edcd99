package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models show}. */
@Command(name = "show", sortOptions = false,
        description = "What is known of a model: of its files, if it is in the cache, and of the list of known models.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models show BAAI/bge-reranker-base",
                "",
                "Exit codes: 0 done, 1 neither in the cache nor known, 2 wrong usage, 3 its files",
                "could not be read."})
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
        ModelId id = model.id();
        ModelHub hub = new ModelHub(Downloads.options(shell));
        Optional<HubModel> cached = hub.cached(id, PullOptions.DEFAULT);
        Optional<KnownModel> known = KnownModel.find(id.repository());
        if (cached.isEmpty() && known.isEmpty()) {
            diagnostics.say(ModelArgument.notCached(id, hub.list()) + ModelName.meant(id.repository()));
            return ExitCode.NOTHING;
        }
        FactSheet sheet = new FactSheet(id.toString());
        known.ifPresent(model -> sheet.fact("for", model.kind().name().toLowerCase(Locale.ROOT))
                .fact("architecture", model.architecture().orElse(""))
                .fact("tokens", model.maxLength().isPresent() ? Units.count(model.maxLength().getAsInt()) : "")
                .fact("languages", model.languages().isEmpty()
                        ? "unknown"
                        : String.join(", ", new TreeSet<>(model.languages())))
                .fact("licence", model.licence() + (model.commercial() ? "" : ", not for commercial use"))
                .fact("note", model.note()));
        cached.ifPresentOrElse(model -> sheet.fact("commit", model.commit())
                .fact("file", model.modelFile() + ": " + model.why())
                .fact("where", model.folder().toString()),
                () -> sheet.fact("where", "not in the cache; 'rerank models pull " + id + "' fetches it"));
        known.ifPresent(model -> sheet.fact("sources", model.source()));
        sheet.print(shell.out(), shell.width(), shell.colourful());
        shell.out().flush();
        return ExitCode.FOUND;
    }
}
