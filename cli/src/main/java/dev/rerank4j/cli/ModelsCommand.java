package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.ModelHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rerank models}. */
@Command(name = "models", sortOptions = false,
        description = "What is built in, what is downloaded, what is cached, and where.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models",
                "  rerank models list --known",
                "  rerank models pull BAAI/bge-reranker-base",
                "  rerank models --json | jq \".indexes[].folder\"",
                "",
                "Models of the hub are in the cache of Python's huggingface_hub: see 'rerank",
                "models list'.",
                "",
                "Cached indexes belong to 'rerank search --docs'. Delete their folders as you",
                "like: they are made again. The cache is in $RERANK4J_CACHE, else",
                "$XDG_CACHE_HOME/rerank4j, else ~/.cache/rerank4j."})
final class ModelsCommand implements Callable<Integer> {

    private static final List<BuiltIn> BUILT_IN = List.of(
            new BuiltIn("reranker", "rerank4j-minilm-l6-v1", "Apache-2.0",
                    "dev/rerank4j/model/rerank4j-minilm-l6-v1/model_int8.onnx"),
            new BuiltIn("encoder", "bge-small-en-v1.5 (int8)", "MIT", "bge-small-en-v1.5-q.onnx"));

    private final Shell shell;

    @Option(names = "--json", order = 1, description = "Print one JSON object instead.")
    private boolean json;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ModelsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        common.diagnostics(shell);
        HubOptions hub = Downloads.options(shell);
        List<ModelJson> models = Stream.concat(BUILT_IN.stream().map(BuiltIn::found), downloaded(hub).stream())
                .toList();
        Path cache = CacheFolder.path(shell);
        List<IndexJson> indexes = indexes(cache);
        if (json) {
            shell.out().println(Json.text(new ModelsJson(models, cache.toString(), indexes)));
        } else {
            print(models, cache, indexes);
        }
        shell.out().flush();
        return ExitCode.FOUND;
    }

    private static List<ModelJson> downloaded(HubOptions options) {
        ModelHub hub = new ModelHub(options);
        return hub.list().stream().filter(model -> !model.revisions().isEmpty()).map(model -> {
            ModelFacts facts = ModelFacts.of(model, hub);
            return new ModelJson(facts.kind().map(ModelFacts::words).orElse("unknown"), model.repository(),
                    model.bytes(), model.folder().toString(), facts.licence().orElse(""));
        }).toList();
    }

    private void print(List<ModelJson> models, Path cache, List<IndexJson> indexes) {
        TextTable table = new TextTable("role", "name", "size", "where", "licence").numbers(2);
        models.forEach(model -> table.row(model.role(), model.name(), Units.size(model.bytes()),
                model.where().equals(BuiltIn.WHERE) ? BuiltIn.WHERE : "downloaded", model.licence()));
        table.print(shell.out(), shell.width(), shell.colourful());
        shell.out().println();
        shell.out().println("cache: " + cache);
        if (indexes.isEmpty()) {
            shell.out().println("no indexes in it yet; 'rerank search --docs PATH \"query\"' makes one");
            return;
        }
        TextTable cached = new TextTable("index", "size", "last used", "of").numbers(1);
        indexes.forEach(index -> cached.row(Path.of(index.folder()).getFileName().toString(),
                Units.size(index.bytes()), index.lastUsed().replace('T', ' ').replace("Z", " UTC"),
                String.join(", ", index.paths())));
        cached.print(shell.out(), shell.width(), shell.colourful());
    }

    private static List<IndexJson> indexes(Path cache) {
        Path folder = CacheFolder.indexes(cache);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<IndexJson> indexes = new ArrayList<>();
            for (Path index : all.toList()) {
                Path paths = index.resolve(DocsIndex.PATHS);
                if (Files.isRegularFile(paths)) {
                    Instant used = Files.getLastModifiedTime(paths).toInstant().truncatedTo(ChronoUnit.SECONDS);
                    indexes.add(new IndexJson(index.toString(), Files.readAllLines(paths), CacheFolder.size(index),
                            used.toString()));
                }
            }
            indexes.sort(Comparator.comparing(IndexJson::lastUsed).reversed().thenComparing(IndexJson::folder));
            return indexes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code --json} prints. */
    record ModelsJson(List<ModelJson> models, String cache, List<IndexJson> indexes) {
    }

    /**
     * @param where {@code built in} or a folder
     */
    record ModelJson(String role, String name, long bytes, String where, String licence) {
    }

    /**
     * @param paths the files and folders it was made of
     */
    record IndexJson(String folder, List<String> paths, long bytes, String lastUsed) {
    }

    /** A model on the class path. */
    private record BuiltIn(String role, String name, String licence, String resource) {

        static final String WHERE = "built in";

        ModelJson found() {
            URL url = ModelsCommand.class.getClassLoader().getResource(resource);
            if (url == null) {
                return new ModelJson(role, name, 0, "missing", licence);
            }
            try {
                return new ModelJson(role, name, Math.max(0, url.openConnection().getContentLengthLong()), WHERE,
                        licence);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
