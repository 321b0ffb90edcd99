package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.rerank4j.RerankException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose weights lie in a file of their own, as those of more than 2 GB must. */
class ExternalDataTest extends HubTests {

    private Set<String> read(byte[] onnx) throws IOException {
        return OnnxGraph.read(new ByteArrayInputStream(onnx)).externalData();
    }

    @Test
    void theFilesAreThoseThatTheOnnxFileNames() throws IOException {
        assertEquals(Set.of("model.onnx_data"), read(SmallOnnx.external("model.onnx_data", 2)));
        assertEquals(Set.of(), read(SmallOnnx.whole(1, 2)));
        for (String model : new String[]{TestModels.CROSS_ENCODER, TestModels.ENCODER}) {
            assertEquals(Set.of(), read(TestModels.files(model).read("model.onnx")));
        }
    }

    @Test
    void namesAreFoundInSubgraphsFunctionsAndSparseTensors() throws IOException {
        byte[] tensor = SmallOnnx.bytes(13, SmallOnnx.join(SmallOnnx.bytes(1, "location".getBytes()),
                SmallOnnx.bytes(2, "deep".getBytes())));
        byte[] attribute = SmallOnnx.bytes(5, SmallOnnx.bytes(5, tensor));
        byte[] inner = SmallOnnx.bytes(1, attribute);
        byte[] nested = SmallOnnx.bytes(7, SmallOnnx.bytes(1, SmallOnnx.bytes(5, SmallOnnx.bytes(6, inner))));
        assertEquals(Set.of("deep"), read(nested));
        assertEquals(Set.of("deep"), read(SmallOnnx.bytes(25, SmallOnnx.bytes(7, attribute))));
        assertEquals(Set.of("deep"), read(SmallOnnx.bytes(7, SmallOnnx.bytes(15, SmallOnnx.bytes(1, tensor)))));
    }

    @Test
    void largeTensorsBeforeItAreSkipped() throws IOException {
        byte[] padding = SmallOnnx.bytes(7, SmallOnnx.bytes(5, SmallOnnx.bytes(9, HubRepository.noise(1, 1_000_000))));
        assertEquals(Set.of("model.onnx_data"),
                read(SmallOnnx.join(padding, SmallOnnx.external("model.onnx_data", 2))));
    }

    /** Who loads it says what is wrong. */
    @Test
    void whatIsNoOnnxFileHasNoNamesAndNoEnd() throws IOException {
        Path file = folder.resolve("model.onnx");
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Files.write(file, HubRepository.noise(seed, random.nextInt(2000)));
            WantedFiles.weights("model.onnx", file);
            byte[] broken = SmallOnnx.external("model.onnx_data", 2);
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            Files.write(file, Arrays.copyOf(broken, random.nextInt(broken.length + 1)));
            WantedFiles.weights("model.onnx", file);
        }
        byte[] deep = new byte[0];
        for (int i = 0; i < 5000; i++) { // a graph in an attribute of a node of a graph
            deep = SmallOnnx.bytes(1, SmallOnnx.bytes(5, SmallOnnx.bytes(6, deep)));
        }
        Files.write(file, SmallOnnx.bytes(7, deep));
        assertEquals(List.of(), WantedFiles.weights("model.onnx", file));
    }

    @ParameterizedTest
    @CsvSource({"onnx/model.onnx, model.onnx_data, onnx/model.onnx_data",
            "model.onnx, model.onnx.data, model.onnx.data",
            "onnx/model.onnx, weights/w.bin, onnx/weights/w.bin"})
    void theyAreDownloadedAndOnnxRuntimeFindsThem(String onnx, String location, String path)
            throws IOException, OrtException {
        HubRepository repository = HubRepository.small(NAME).drop("onnx/model.onnx")
                .put(onnx, SmallOnnx.external(location, 2)).put(path, SmallOnnx.floats(10, 20))
                .put("other.bin", "other");
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = pull(server);
            Path file = model.folder().resolve(model.modelFile());
            OrtEnvironment environment = OrtEnvironment
                    .getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                    OrtSession session = environment.createSession(file.toString(), options);
                    OnnxTensor x = OnnxTensor.createTensor(environment, new float[]{1, 2});
                    OrtSession.Result result = session.run(Map.of("x", x))) {
                assertArrayEquals(new float[]{11, 22}, (float[]) result.get(0).getValue());
            }
            server.forget();
            assertEquals(model, hub(server).get(ID));
            assertEquals(0, server.calls().size());
            Files.delete(model.folder().resolve(path));
            assertEquals(model, hub(server).get(ID));
            assertEquals(1, server.calls().size());
            // As Python leaves it that was asked for the one file alone.
            Files.delete(model.folder().resolve(path));
            Files.delete(repository().resolve(".rerank4j").resolve(model.commit() + ".json"));
            assertEquals(Optional.empty(), hub(server).cached(ID, PullOptions.DEFAULT));
            assertEquals(model, hub(server).get(ID));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.bin", "../../../../../../etc/passwd", "/etc/passwd", "../config.json", ""})
    void weightsThatTheModelDoesNotHaveAreRefused(String location) throws IOException {
        HubRepository repository = HubRepository.small(NAME).put("onnx/model.onnx", SmallOnnx.external(location, 2));
        repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            fails(Kind.MODEL, () -> pull(server), "onnx/model.onnx of acme/small keeps its weights in a file"
                    + " that the model does not have");
            fails(Kind.MODEL, () -> hub(server).get(ID));
        }
    }
}
