package dev.rerank4j.bench;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.ModelFiles;
import dev.rerank4j.onnx.ModelSpec;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;

/** A certain ONNX file of a folder that has several. */
final class ModelFile {

    private ModelFile() {
    }

    static OnnxScorer load(Path folder, String file) {
        ModelSpec spec = ModelSpec.read("model", ModelFiles.folder(folder));
        return OnnxScorer.load(spec.withModelFiles(List.of(file)), EngineOptions.defaults());
    }
}
