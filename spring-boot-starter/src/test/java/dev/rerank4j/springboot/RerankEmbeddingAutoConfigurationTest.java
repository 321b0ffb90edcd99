package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rerank4j.Encoder;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.springai.EncoderEmbeddingModel;
import org.junit.jupiter.api.Test;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RerankEmbeddingAutoConfigurationTest {

    private final ApplicationContextRunner chosen = Contexts.withWords()
            .withPropertyValues("spring.ai.model.embedding=rerank4j");

    @Test
    void ourEncoderIsTheEmbeddingModelWhereItIsChosen() {
        chosen.run(context -> assertThat(context.getBean(EmbeddingModel.class).dimensions()).isEqualTo(16));
        Contexts.withWords().run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
        Contexts.withWords().withPropertyValues("spring.ai.model.embedding=ollama")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
    }

    @Test
    void theOwnEmbeddingModelWins() {
        EmbeddingModel own = new EncoderEmbeddingModel(new WordEncoder(3));
        chosen.withBean("own", EmbeddingModel.class, () -> own)
                .run(context -> assertThat(context).getBean(EmbeddingModel.class).isSameAs(own));
    }

    @Test
    void withoutAnEncoderOrAClassThereIsNone() {
        chosen.withBean("second", Encoder.class, () -> new WordEncoder(3))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddingModel.class));
        chosen.withClassLoader(new FilteredClassLoader(EmbeddingModel.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerank4jEmbeddingModel"));
        chosen.withClassLoader(new FilteredClassLoader("dev.rerank4j.springai"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("rerank4jEmbeddingModel"));
    }
}
