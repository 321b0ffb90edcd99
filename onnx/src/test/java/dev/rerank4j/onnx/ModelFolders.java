package dev.rerank4j.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of models as Hugging Face writes them, with files of a few nodes: written by a test, to be varied there. */
final class ModelFolders {

    private ModelFolders() {
    }

    /** A cross-encoder whose logit is the sum of the ids. */
    static Path reranker(Path folder) throws IOException {
        write(folder, "config.json", """
                {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "pad_token_id": 0,
                 "max_position_embeddings": 64, "id2label": {"0": "LABEL_0"}}""");
        tokenizer(folder);
        model(folder, "onnx/model.onnx", TinyOnnx.scorer("logits", 1));
        return folder;
    }

    /** An encoder whose vector of a token is its id times 1, 2 and 3. */
    static Path encoder(Path folder) throws IOException {
        write(folder, "config.json", """
                {"model_type": "bert", "architectures": ["BertModel"], "pad_token_id": 0,
                 "max_position_embeddings": 64}""");
        tokenizer(folder);
        model(folder, "onnx/model.onnx", TinyOnnx.encoder("last_hidden_state", 1, 2, 3));
        return folder;
    }

    static void tokenizer(Path folder) throws IOException {
        Files.write(folder.resolve("tokenizer.json"),
                TestModels.files(TestModels.CROSS_ENCODER).read("tokenizer.json"));
    }

    static void write(Path folder, String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    static void model(Path folder, String name, TinyOnnx onnx) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), onnx.bytes());
    }
}
