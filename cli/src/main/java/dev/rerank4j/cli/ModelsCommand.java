package dev.rerank4j.cli;

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
        description = "What is built in, what is cached, and where.",
        footerHeading = "%nExamples:%n",
        footer = {
                "  rerank models",
                "  rerank models --json | jq \".indexes[].folder\"",
                "",
                "Cached indexes belong to 'rerank search --docs'. Delete their folders as you",
                "like: they are made again. The cache is in $RERANK4J_CACHE, else",
                "$XDG_CACHE_HOME/rerank4j, else ~/.cache/rerank4j."})
final class ModelsCommand implements Callable<Integer> {

    private static final List<BuiltIn> BUILT_IN = List.of(
            new BuiltIn("reranker", "rerank4j-minilm-l6-v0", "Apache-2.0",
                    "dev/rerank4j/model/rerank4j-minilm-l6-v0/model_int8.onnx"),
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
        List<ModelJson> models = BUILT_IN.stream().map(BuiltIn::found).toList();
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

    private void print(List<ModelJson> models, Path cache, List<IndexJson> indexes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("role", "name", "size", "where", "licence"));
        models.forEach(model -> rows.add(List.of(model.role(), model.name(), Units.size(model.bytes()), model.where(),
                model.licence())));
        table(rows);
        shell.out().println();
        shell.out().println("cache: " + cache);
        if (indexes.isEmpty()) {
            shell.out().println("no indexes in it yet; 'rerank search --docs PATH \"query\"' makes one");
            return;
        }
        List<List<String>> cached = new ArrayList<>();
        cached.add(List.of("index", "size", "last used", "of"));
        indexes.forEach(index -> cached.add(List.of(Path.of(index.folder()).getFileName().toString(),
                Units.size(index.bytes()), index.lastUsed().replace('T', ' ').replace("Z", " UTC"),
                String.join(", ", index.paths()))));
        table(cached);
    }

    private void table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], TextLayout.columns(row.get(i)));
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(TextLayout.pad(TextLayout.printable(row.get(i)), widths[i] + 2));
            }
            shell.out().println(line.toString().stripTrailing());
        }
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

        ModelJson found() {
            URL url = ModelsCommand.class.getClassLoader().getResource(resource);
            if (url == null) {
                return new ModelJson(role, name, 0, "missing", licence);
            }
            try {
                return new ModelJson(role, name, Math.max(0, url.openConnection().getContentLengthLong()), "built in",
                        licence);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
