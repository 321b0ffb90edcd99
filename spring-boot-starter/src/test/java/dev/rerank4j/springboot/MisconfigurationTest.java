package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a person reads who has set a property to something it cannot be. */
@ExtendWith(OutputCaptureExtension.class)
class MisconfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void numbersOutOfRange(CapturedOutput output) {
        assertTold(output, "rerank4j.depth=0", "rerank4j.depth", "It must be >= 1.");
        assertTold(output, "rerank4j.limit=-1", "rerank4j.limit", "It must be >= 1.");
        assertTold(output, "rerank4j.timeout=0s", "rerank4j.timeout", "It must be > 0.");
        assertTold(output, "rerank4j.min-score=NaN", "rerank4j.min-score", "It must be finite.");
        assertTold(output, "rerank4j.engine.threads=0", "rerank4j.engine.threads", "It must be >= 1.");
        assertTold(output, "rerank4j.index.model-weight=-1", "rerank4j.index.model-weight",
                "It must be finite and >= 0.");
        assertTold(output, "rerank4j.index.neighbours=2", "rerank4j.index.neighbours", "It must be within 0 to 1.");
    }

    @Test
    void valuesThatDoNotFitTogether(CapturedOutput output) {
        assertTold(output, "rerank4j.depth=5", "rerank4j.depth", "It must be >= rerank4j.limit (9).",
                "rerank4j.limit=9");
        assertTold(output, "rerank4j.index.retrievers=bm25,bm25", "rerank4j.index.retrievers",
                "It must name one or more of bm25, vector and vector-store, each once.");
    }

    @Test
    void wordsThatAreNone(CapturedOutput output) {
        assertTold(output, "rerank4j.index.retrievers=bm26", "rerank4j.index.retrievers", "VECTOR_STORE");
        assertTold(output, "rerank4j.index.unit=chapter", "rerank4j.index.unit", "PASSAGE");
        assertTold(output, "rerank4j.timeout=soon", "rerank4j.timeout", "'soon' is not a valid duration");
        assertTold(output, "rerank4j.dept=5", "rerank4j.dept", "The elements [rerank4j.dept] were left unbound.");
    }

    @Test
    void foldersThatAreNotWhatTheyShouldBe(CapturedOutput output) throws IOException {
        assertTold(output, "rerank4j.model=" + folder.resolve("nowhere"), "rerank4j.model",
                "It must be built-in, the folder of a cross-encoder in ONNX format, or its name: ");
        assertTold(output, "rerank4j.model=META-INF", "rerank4j.model", "there is no model.onnx in META-INF"); // no resource
        assertTold(output, "rerank4j.model=a\0b", "rerank4j.model", "It must be a folder: Nul character not allowed.");
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertTold(output, "rerank4j.index.folder=" + file, "rerank4j.index.folder",
                "It must be the folder of an index, or of none yet: ");
        assertTold(output, "rerank4j.index.language=klingon", "rerank4j.index.language",
                "language must be one of ar, bg",
                "rerank4j.index.folder=" + folder.resolve("index"));
    }

    @Test
    void aVectorStoreThatIsNotThere(CapturedOutput output) {
        assertTold(output, "rerank4j.index.retrievers=bm25,vector-store", "rerank4j.index.retrievers",
                "It needs exactly one VectorStore bean, or one that is primary.",
                "rerank4j.index.folder=" + folder.resolve("index"));
    }

    private static void assertTold(CapturedOutput output, String setting, String property, String allowed,
            String... others) {
        int before = output.getAll().length();
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        String[] arguments = new String[others.length + 1];
        arguments[0] = "--" + setting;
        for (int i = 0; i < others.length; i++) {
            arguments[i + 1] = "--" + others[i];
        }
        assertThatThrownBy(() -> application.run(arguments).close()).isInstanceOf(RuntimeException.class);
        String told = output.getAll().substring(before);
        assertThat(told).contains("APPLICATION FAILED TO START").contains(property).contains(allowed);
        assertThat(told).as("no stack trace").doesNotContain("\tat org.springframework");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
    }
}
