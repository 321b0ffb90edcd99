package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models pull}. */
@Command(name = "pull", sortOptions = false,
        description = "Download a model, or what is new of it, into the cache that Python's huggingface_hub uses too.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models pull BAAI/bge-reranker-base",
                "  rerank models pull BAAI/bge-small-en-v1.5 --revision refs/pr/5",
                "  rerank models pull OWNER/NAME --file onnx/model_quantized.onnx",
                "",
                "Interrupted, it goes on from there when it is run again. Commands that use a",
                "model by its name download it, too; only here a licence can be accepted, and",
                "only this command asks the hub for what is new.",
                "",
                "Environment: HF_ENDPOINT (https://huggingface.co), HF_TOKEN for models that ask",
                "who you are, HF_HOME or HF_HUB_CACHE for the folder, HF_HUB_OFFLINE,",
                "HTTPS_PROXY and NO_PROXY.",
                "",
                "Exit codes: 0 done, 2 wrong usage, no such model, a licence to accept, 3 hub or",
                "cache failed, 130 interrupted."})
final class ModelsPullCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(names = "--revision", paramLabel = "R", order = 1, description = "A branch, tag or commit (main).")
    private @Nullable String revision;

    @Option(names = "--file", paramLabel = "PATH", order = 2,
            description = "The ONNX file to take (the one that suits this processor).")
    private @Nullable String file;

    @Option(names = "--accept-licence", order = 3,
            description = "Take a model whose licence forbids commercial use.")
    private boolean acceptLicence;

    @Option(names = "--json", order = 4, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsPullCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        ModelId id = id();
        Downloads downloads = new Downloads(shell, diagnostics);
        HubModel pulled;
        try (Interrupt interrupt = Interrupt.listen(() -> {
            diagnostics.say("stopping");
            downloads.stop();
        })) {
            pulled = downloads.pull(id, new PullOptions(Optional.ofNullable(file), acceptLicence));
        }
        ModelFacts facts = ModelFacts.of(pulled, file != null);
        if (json) {
            shell.out().println(Json.text(new PulledJson(id.repository(), id.revision(), pulled.commit(),
                    pulled.folder().toString(), pulled.modelFile(), ModelFacts.size(pulled), pulled.why(),
                    facts.kind().map(ModelFacts::words).orElse(null), facts.licence().orElse(null))));
        } else {
            print(pulled, facts);
        }
        shell.out().flush();
        facts.problem().ifPresent(problem -> diagnostics.warn("it cannot be used: " + problem));
        return ExitCode.FOUND;
    }

    private ModelId id() {
        ModelId id = model.id();
        if (revision == null) {
            return id;
        }
        if (!id.revision().equals(ModelId.MAIN)) {
            throw new UsageException("--revision and @" + id.revision() + " exclude each other: name one revision");
        }
        try {
            return new ModelId(id.repository(), revision);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--revision: " + e.getMessage(), e);
        }
    }

    private void print(HubModel pulled, ModelFacts facts) {
        new FactSheet(pulled.id().toString())
                .fact("for", facts.purpose())
                .fact("file", pulled.modelFile() + ", " + Units.size(ModelFacts.size(pulled)) + "; " + pulled.why())
                .fact("licence", facts.licenceInWords())
                .exact("commit", List.of(pulled.commit()))
                .exact("where", List.of(pulled.folder().toString()))
                .exact("use", facts.command().stream().toList())
                .print(shell.out(), shell.width(), shell.colourful());
    }

    /** What {@code --json} prints. */
    record PulledJson(String model, String revision, String commit, String folder, String file, long bytes, String why,
            @Nullable String kind, @Nullable String licence) {
    }
}
