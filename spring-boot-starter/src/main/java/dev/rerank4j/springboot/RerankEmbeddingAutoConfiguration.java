package dev.rerank4j.springboot;

import dev.rerank4j.Encoder;
import dev.rerank4j.springai.EncoderEmbeddingModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * The encoder as Spring AI's embedding model, if {@code spring.ai.model.embedding} is {@code rerank4j}: the property by
 * which Spring AI chooses among the models on the class path.
 */
@AutoConfiguration(after = RerankModelAutoConfiguration.class)
@ConditionalOnRerank4j
@ConditionalOnClass({EncoderEmbeddingModel.class, EmbeddingModel.class})
@ConditionalOnProperty(name = "spring.ai.model.embedding", havingValue = "rerank4j")
public final class RerankEmbeddingAutoConfiguration {

    RerankEmbeddingAutoConfiguration() {
    }

    @Bean
    @ConditionalOnMissingBean(EmbeddingModel.class)
    @ConditionalOnSingleCandidate(Encoder.class)
    EncoderEmbeddingModel rerank4jEmbeddingModel(Encoder encoder) {
        return new EncoderEmbeddingModel(encoder);
    }
}
