package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.rerank4j.Encoder;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.HubRepository;
import dev.rerank4j.onnx.HubServer;
import dev.rerank4j.onnx.ModelHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models by their names, from a hub: downloaded when the application starts. */
class NamedModelTest {

    private static final Path GOLDEN = Path.of("../onnx/src/test/resources/golden");

    @TempDir
    private Path folder;

    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        server = HubServer.start(model("acme/reranker", "rerankers/xlm-roberta"),
                model("acme/encoder", "encoders/bert-cls"),
                model("acme/paid", "rerankers/bert").licence("cc-by-nc-4.0"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HubRepository model(String name, String golden) throws IOException {
        HubRepository model = new HubRepository(name);
        Path root = GOLDEN.resolve(golden);
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(
                    file -> model.put(root.relativize(file).toString().replace('\\', '/'), file));
        }
        model.commit("main");
        return model;
    }

    private ApplicationContextRunner application(boolean offline) {
        return Contexts.withStarter().withBean(ModelHub.class, () -> new ModelHub(new HubOptions(server.endpoint(),
                Optional.empty(), folder.resolve("hub"), offline)));
    }

    @Test
    void areDownloadedOnceAndScoreAsTheirReferences() throws IOException {
        JsonNode pairs = new JsonMapper().readTree(GOLDEN.resolve("pairs.json").toFile());
        JsonNode scores = new JsonMapper().readTree(GOLDEN.resolve("rerankers/xlm-roberta/expected.json").toFile());
        JsonNode vectors = new JsonMapper().readTree(GOLDEN.resolve("encoders/bert-cls/expected.json").toFile());
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(LoggedDownload.class.getName());
        Handler handler = handler(logged);
        logger.addHandler(handler);
        for (boolean offline : new boolean[]{false, true}) {
            application(offline)
                    .withPropertyValues("rerank4j.model=acme/reranker", "rerank4j.encoder=acme/encoder@main",
                            "rerank4j.index.folder=" + folder.resolve("index"))
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        Scorer scorer = context.getBean(Scorer.class);
                        assertThat(scorer.name()).startsWith("acme/reranker@");
                        assertThat(scorer.score(ScoreRequest.of(pairs.at("/0/0").asString(),
                                List.of(pairs.at("/0/1").asString()))).logits()[0])
                                .isCloseTo((float) scores.at("/logits/0").asDouble(),
                                        offset(1e-4f));
                        Encoder encoder = context.getBean(Encoder.class);
                        assertThat(encoder.passages(List.of(pairs.at("/0/1").asString()))[0][0])
                                .isCloseTo((float) vectors.at("/passages/0/0").asDouble(),
                                        offset(1e-4f));
                    });
        }
        assertThat(server.calls("/api/models/acme/reranker")).isEqualTo(1);
        logger.removeHandler(handler);
        assertThat(logged).anyMatch(line -> line.matches("downloading acme/reranker: onnx/model.onnx, \\d of \\d MB"));
    }

    private static Handler handler(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().formatMessage(line));
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Test
    void whatCannotBeHadIsAPropertyThatIsWrong() {
        refused("rerank4j.model=acme/nothing", "there is no model acme/nothing at ");
        refused("rerank4j.model=acme/reranker@v7", "there is no revision v7");
        refused("rerank4j.model=acme/encoder", "is a sentence encoder");
        refused("rerank4j.model=acme/paid", "forbids commercial use");
        application(true).withPropertyValues("rerank4j.model=acme/reranker").run(context -> assertThat(context)
                .getFailure().rootCause().hasMessageContaining("HF_HUB_OFFLINE"));
    }

    private void refused(String property, String reason) {
        application(false).withPropertyValues(property).run(context -> {
            Throwable failure = context.getStartupFailure();
            while (!(failure instanceof InvalidConfigurationPropertyValueException wrong)) {
                assertThat(failure).isNotNull();
                failure = failure.getCause();
            }
            assertThat(wrong.getName()).isEqualTo("rerank4j.model");
            assertThat(wrong.getReason()).contains(reason);
        });
    }

    @Test
    void aLicenceIsAcceptedByAProperty() {
        application(false).withPropertyValues("rerank4j.model=acme/paid", "rerank4j.accept-licence=true")
                .run(context -> assertThat(context).hasSingleBean(Scorer.class).hasNotFailed());
    }

    @Test
    void theBuiltInModelHasANameToo() {
        application(false).withPropertyValues("rerank4j.model=built-in", "rerank4j.encoder=built-in",
                "spring.ai.model.embedding=rerank4j").run(context -> {
                    assertThat(context.getBean(Scorer.class).name()).startsWith("rerank4j-minilm");
                    assertThat(context.getBean(Encoder.class).name()).startsWith("bge-small");
                });
        assertThat(server.calls()).isEmpty();
    }
}
