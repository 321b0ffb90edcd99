package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.ModelKind;
import dev.rerank4j.onnx.PullOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "  rerank models pull BAAI/bge-small-en-v1.5 --revision 5c38ec7",
                "  rerank models pull OWNER/NAME --file onnx/model_quantized.onnx",
                "",
                "Interrupted, it goes on from there when it is run again.",
                "",
                "Environment: HF_ENDPOINT (https://huggingface.co), HF_TOKEN for models that ask",
                "who you are, HF_HOME or HF_HUB_CACHE for the folder, HF_HUB_OFFLINE,",
                "HTTPS_PROXY.",
                "",
                "Exit codes: 0 done, 2 wrong usage, a licence to accept, 3 it could not be had,",
                "130 interrupted."})
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
        Optional<KnownModel> known = KnownModel.find(id.repository());
        if (json) {
            shell.out().println(Json.text(new PulledJson(id.repository(), id.revision(), pulled.commit(),
                    pulled.folder().toString(), pulled.modelFile(), size(pulled), pulled.why(),
                    known.map(KnownModel::licence).orElse(null))));
        } else {
            print(pulled, known);
        }
        shell.out().flush();
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

    private void print(HubModel pulled, Optional<KnownModel> known) {
        String option = known.map(KnownModel::kind).orElse(ModelKind.RERANKER) == ModelKind.ENCODER
                ? "--encoder"
                : "--reranker";
        new FactSheet(pulled.id() + ", commit " + pulled.commit().substring(0, Math.min(12, pulled.commit().length())))
                .fact("file", pulled.modelFile() + ", " + Units.size(size(pulled)) + ": " + pulled.why())
                .fact("licence", known.map(KnownModel::licence).orElse("unknown: its card at the hub tells"))
                .fact("where", pulled.folder().toString())
                .fact("use", "rerank search --docs PATH \"query\" " + option + " " + pulled.id())
                .print(shell.out(), shell.width(), shell.colourful());
    }

    private static long size(HubModel model) {
        try {
            return Files.size(model.folder().resolve(Path.of(model.modelFile())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code --json} prints. */
    record PulledJson(String model, String revision, String commit, String folder, String file, long bytes, String why,
            @Nullable String licence) {
    }
}
