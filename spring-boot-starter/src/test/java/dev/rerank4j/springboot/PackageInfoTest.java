package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rerank4j.PackageExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class PackageInfoTest {

    @Test
    void itsExampleRuns(@TempDir Path folder) {
        String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/springboot/package-info.java"), folder,
                List.of("java.util", "org.springframework.ai.document", "org.springframework.ai.rag",
                        "org.springframework.ai.rag.postretrieval.document", "org.springframework.boot",
                        "org.springframework.context"),
                "Class<?> application", Application.class);
        assertThat(printed).endsWith("Employees have 28 days of annual leave.\ntrue\n");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class Application {
    }
}
