package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rerank4j.springai.RerankingDocumentPostProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RerankAutoConfigurationTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RerankModelAutoConfiguration.class,
                    RerankDocumentsAutoConfiguration.class));

    @Test
    void oneDependencyIsEnough() {
        contexts.run(context -> assertThat(context).hasSingleBean(RerankingDocumentPostProcessor.class));
    }
}
