package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.onnx.HubRepository;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Repositories for a hub, of the models that are built in: as rerankers and encoders lie at the Hugging Face Hub. */
final class HubModels {

    /** What the little models were given, and said, when they were made. */
    static final Path GOLDEN = Path.of("../onnx/src/test/resources/golden");

    private static final String BUILT_IN = "/dev/rerank4j/model/rerank4j-minilm-l6-v1/";

    private HubModels() {
    }

    /** A cross-encoder; its file is taken for one of floats, so that every processor takes it. */
    static HubRepository reranker(String name) {
        return new HubRepository(name).put("config.json", resource(BUILT_IN + "config.json"))
                .put("tokenizer.json", resource(BUILT_IN + "tokenizer.json"))
                .put("tokenizer_config.json", "{\"model_max_length\": 512}")
                .put("README.md", "a model")
                .put("onnx/model.onnx", resource(BUILT_IN + "model_int8.onnx"));
    }

    /** A sentence encoder. */
    static HubRepository encoder(String name) {
        return new HubRepository(name)
                .put("config.json", """
                        {"model_type": "bert", "architectures": ["BertModel"], "max_position_embeddings": 512,
                         "pad_token_id": 0, "hidden_size": 384}""")
                .put("tokenizer.json", resource("/bge-small-en-v1.5-q-tokenizer.json"))
                .put("tokenizer_config.json", "{\"model_max_length\": 512}")
                .put("modules.json",
                        """
                                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]""")
                .put("1_Pooling/config.json", """
                        {"word_embedding_dimension": 384, "pooling_mode_cls_token": true,
                         "pooling_mode_mean_tokens": false}""")
                .put("onnx/model.onnx", resource("/bge-small-en-v1.5-q.onnx"));
    }

    /** A little model of the library's own tests, such as {@code rerankers/xlm-roberta}. */
    static HubRepository golden(String name, String folder) throws IOException {
        HubRepository model = new HubRepository(name);
        Path root = GOLDEN.resolve(folder);
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).filter(file -> !file.endsWith("expected.json"))
                    .forEach(file -> model.put(root.relativize(file).toString().replace('\\', '/'), file));
        }
        return model;
    }

    /** A folder as fine-tuning writes it, with the weights of the built-in model. */
    static Path fineTuned(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        for (String file : List.of("config.json", "tokenizer.json", "README.md", "calibration.json")) {
            Files.write(folder.resolve(file), resource(BUILT_IN + file));
        }
        Files.write(folder.resolve("onnx/model_int8.onnx"), resource(BUILT_IN + "model_int8.onnx"));
        ObjectNode golden = (ObjectNode) Json.MAPPER.readTree(resource(BUILT_IN + "golden.json"));
        ObjectNode files = Json.MAPPER.createObjectNode();
        files.set("onnx/model_int8.onnx", golden.get("files").get("model_int8.onnx"));
        golden.set("files", files);
        Files.writeString(folder.resolve("golden.json"), golden.toString());
        return folder;
    }

    private static byte[] resource(String path) {
        try (InputStream in = OnnxScorer.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("there is no " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
