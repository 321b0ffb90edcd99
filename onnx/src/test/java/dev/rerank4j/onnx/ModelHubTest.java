package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHubTest {

    static final Patience SHORT = new Patience(5, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final ModelId ID = ModelId.of("acme/small");

    @TempDir
    Path cache;

    private ModelHub hub(HubServer server) {
        return new ModelHub(new HubOptions(server.endpoint(), Optional.empty(), cache, false), SHORT);
    }

    @Test
    void aModelIsItsFilesAndNotPyTorchsWeights() throws IOException {
        HubRepository repository = HubRepository.small("acme/small");
        String commit = repository.commit("main");
        try (HubServer server = HubServer.start(repository)) {
            HubModel model = hub(server).get(ID);
            assertEquals(ID, model.id());
            assertEquals(commit, model.commit());
            assertEquals("onnx/model.onnx", model.modelFile());
            assertEquals(cache.resolve("models--acme--small/snapshots/" + commit), model.folder());
            assertEquals(List.of("config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"),
                    hub(server).list().getFirst().revisions().getFirst().files());
            assertArrayEquals(HubRepository.noise("acme/small".hashCode(), 10_000),
                    Files.readAllBytes(model.folder().resolve("onnx/model.onnx")));
            assertEquals(commit, Files.readString(cache.resolve("models--acme--small/refs/main")));
            Path link = model.folder().resolve("onnx/model.onnx");
            assertTrue(Files.isSymbolicLink(link));
            assertTrue(Files.readSymbolicLink(link).startsWith("../../../blobs"),
                    Files.readSymbolicLink(link).toString());
        }
    }

    @Test
    void whatIsCachedIsNotAskedForAgain() throws IOException {
        HubRepository repository = HubRepository.small("acme/small");
        repository.commit("main");
        HubModel model;
        HubServer server = HubServer.start(repository);
        try (server) {
            model = hub(server).get(ID);
            server.forget();
            assertEquals(model, hub(server).get(ID));
            assertEquals(List.of(), server.calls());
        }
        assertEquals(model, hub(server).get(ID));
        assertFalse(hub(server).verify("acme/small").iterator().hasNext());
    }
}
