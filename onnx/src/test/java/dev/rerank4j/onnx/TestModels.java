package dev.rerank4j.onnx;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The tiny models that src/test/python/make_models.py makes, and real texts to read. */
final class TestModels {

    static final String CROSS_ENCODER = "tiny-ce";
    static final String TWO_CLASSES = "tiny-two-class";
    static final String ENCODER = "tiny-encoder";
    static final String ROBERTA = "tiny-roberta-template";

    private TestModels() {
    }

    static ModelFiles files(String model) {
        return ModelFiles.classPath(TestModels.class.getClassLoader(), "dev/rerank4j/onnx/" + model + "/");
    }

    static ModelSpec spec(String model) {
        return ModelSpec.read(model, files(model));
    }

    /** The float file alone. */
    static ModelSpec floatSpec(String model) {
        ModelSpec spec = spec(model);
        return spec.withModelFiles(List.of(ModelSpec.FLOAT));
    }

    static JsonObject json(String model, String file) {
        return JsonParser.parseString(new String(files(model).read(file), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    /** Copies a model into a folder, to be damaged there. */
    static void copy(String model, Path folder) throws IOException {
        for (String file : List.of("model.onnx", "model_int8.onnx", "tokenizer.json", "config.json", "golden.json")) {
            if (files(model).has(file)) {
                try (InputStream in = files(model).open(file)) {
                    Files.copy(in, folder.resolve(file));
                }
            }
        }
    }

    /** Real text: the lines of the project's example collections and documentation. */
    static List<String> realTexts() {
        List<String> lines = new ArrayList<>();
        for (Path root : List.of(Path.of("../examples"), Path.of("../docs"))) {
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.filter(p -> p.toString().matches(".*\\.(md|jsonl|html|csv)")).sorted()
                        .toList()) {
                    lines.addAll(Files.readAllLines(path));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        lines.removeIf(String::isBlank);
        return lines;
    }
}
