package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.DocumentWriter;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;

class RerankHealthAutoConfigurationTest {

    @Test
    void modelAndIndexAreWell(@TempDir Path folder) {
        Contexts.withWords().withPropertyValues("rerank4j.index.folder=" + folder).run(context -> {
            context.getBean(DocumentWriter.class).write(List.of(new Document("a", "a", Map.of())));
            Health health = context.getBean(HealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).isEqualTo(Map.of("model", "words", "documents", 1, "passages", 1));
            context.getBean(LuceneIndex.class).close();
            assertThat(context.getBean(HealthIndicator.class).health().getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void aModelThatCannotScoreIsDownAndOneThatIsBusyIsNot() {
        assertThat(health(RerankException.Kind.MODEL).getStatus()).isEqualTo(Status.DOWN);
        assertThat(health(RerankException.Kind.UNAVAILABLE).getDetails()).containsKey("error");
        assertThat(health(RerankException.Kind.OVERLOADED)).isEqualTo(Health.up().withDetail("model", "failing")
                .withDetail("busy", true).build());
        assertThat(health(RerankException.Kind.TIMEOUT).getStatus()).isEqualTo(Status.UP);
        WordScorer closed = new WordScorer();
        closed.close();
        assertThat(new RerankHealthIndicator(closed, null).health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void itIsThereUnderItsNameUnlessSwitchedOff() {
        Contexts.withWords().run(context -> assertThat(context).hasBean("rerank4jHealthIndicator"));
        Contexts.withWords().withPropertyValues("management.health.rerank4j.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        Contexts.withWords().withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void theOwnIndicatorWins() {
        HealthIndicator own = () -> Health.down().build();
        Contexts.withWords().withBean("rerank4jHealthIndicator", HealthIndicator.class, () -> own)
                .run(context -> assertThat(context).getBean(HealthIndicator.class).isSameAs(own));
    }

    @Test
    void withoutActuatorModelOrIndexClassesThereIsNone() {
        Contexts.withWords().withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerank4jHealthIndicator")
                        .hasBean("rerankingDocumentPostProcessor"));
        Contexts.withWords().withClassLoader(new FilteredClassLoader("dev.rerank4j.lucene"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerank4jHealthIndicator"));
        Contexts.withStarter().withClassLoader(new FilteredClassLoader("dev.rerank4j.onnx"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerank4jHealthIndicator"));
    }

    private static Health health(RerankException.Kind kind) {
        return new RerankHealthIndicator(new Scorer() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public Scores score(ScoreRequest request) {
                throw new RerankException(kind, "as the test says");
            }

            @Override
            public void close() {
            }
        }, null).health();
    }
}
