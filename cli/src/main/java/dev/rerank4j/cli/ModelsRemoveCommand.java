package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models remove}. */
@Command(name = "remove", sortOptions = false,
        description = "Delete a model from the cache, with all its revisions. Python's programs lose it too.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models remove BAAI/bge-reranker-base",
                "",
                "Exit codes: 0 done, 1 it is not in the cache, 2 wrong usage, 3 it could not be",
                "deleted."})
final class ModelsRemoveCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(names = "--json", order = 1, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsRemoveCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Diagnostics diagnostics = common.diagnostics(shell);
        ModelId id = model.id();
        if (!id.revision().equals(ModelId.MAIN)) {
            throw new UsageException("a model is removed with all its revisions: leave out @" + id.revision());
        }
        ModelHub hub = new ModelHub(Downloads.options(shell));
        List<CachedRepository> cached = hub.list();
        if (ModelArgument.find(id, cached).isEmpty()) {
            diagnostics.say(ModelArgument.notCached(id, cached));
            return ExitCode.NOTHING;
        }
        long bytes = hub.remove(id.repository());
        shell.out().println(json
                ? Json.text(new RemovedJson(id.repository(), bytes))
                : "removed " + id.repository() + ": " + Units.size(bytes) + " are free again");
        shell.out().flush();
        return ExitCode.FOUND;
    }

    /** What {@code --json} prints. */
    record RemovedJson(String model, long bytes) {
    }
}
