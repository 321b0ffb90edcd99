package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models verify}. */
@Command(name = "verify", sortOptions = false,
        description = "Read each file of a model in the cache, and compare it with its checksum.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models verify BAAI/bge-reranker-base",
                "",
                "Exit codes: 0 all files are whole, 1 it is not in the cache, 2 wrong usage, 3 a",
                "file is damaged."})
final class ModelsVerifyCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(names = "--json", order = 1, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsVerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        ModelId id = model.id();
        ModelHub hub = new ModelHub(Downloads.options(shell));
        List<CachedRepository> cached = hub.list();
        Optional<CachedRepository> found = ModelArgument.find(id, cached);
        if (found.isEmpty()) {
            diagnostics.say(ModelArgument.notCached(id, cached));
            return ExitCode.NOTHING;
        }
        List<String> damaged = hub.verify(id.repository());
        if (json) {
            shell.out().println(Json.text(new VerifiedJson(id.repository(), found.get().folder().toString(),
                    found.get().bytes(), damaged)));
        } else if (damaged.isEmpty()) {
            shell.out().println(id.repository() + ": all files are whole, " + Units.size(found.get().bytes()));
        } else {
            damaged.forEach(file -> shell.out().println("damaged: " + TextLayout.printable(file)));
        }
        shell.out().flush();
        if (!damaged.isEmpty()) {
            diagnostics.say("rerank: " + (damaged.size() == 1 ? "a file is" : damaged.size() + " files are")
                    + " damaged; 'rerank models remove " + id.repository() + "' and then 'rerank models pull "
                    + id.repository() + "' fetches the model anew");
        }
        return damaged.isEmpty() ? ExitCode.FOUND : ExitCode.FAILED;
    }

    /** What {@code --json} prints. */
    record VerifiedJson(String model, String folder, long bytes, List<String> damaged) {
    }
}
