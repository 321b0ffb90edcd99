package dev.rerank4j.springboot;

import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.springai.RerankObservationConvention;
import dev.rerank4j.springai.RerankingDocumentPostProcessor;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * The post-processor of documents. It is a fallback: where an application asks for a {@code DocumentPostProcessor} and has
 * one of its own, it gets that.
 */
@AutoConfiguration(after = RerankModelAutoConfiguration.class)
@ConditionalOnRerank4j
@ConditionalOnClass({RerankingDocumentPostProcessor.class, DocumentPostProcessor.class})
@EnableConfigurationProperties(Rerank4jProperties.class)
public final class RerankDocumentsAutoConfiguration {

    RerankDocumentsAutoConfiguration() {
    }

    @Bean
    @Fallback
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(Scorer.class)
    RerankingDocumentPostProcessor rerankingDocumentPostProcessor(Rerank4jProperties properties, Scorer scorer,
            ObjectProvider<Reranker> reranker, ObjectProvider<SearchListener> listener,
            ObjectProvider<ObservationRegistry> registry, ObjectProvider<RerankObservationConvention> convention) {
        RerankingDocumentPostProcessor.Builder builder = RerankingDocumentPostProcessor.builder()
                .reranker(reranker.getIfUnique(() -> Reranker.of(scorer))).depth(properties.effectiveDepth())
                .timeout(properties.timeout());
        if (properties.limit() != null) {
            builder.limit(properties.limit());
        }
        if (properties.minScore() != null) {
            builder.minScore(properties.minScore());
        }
        listener.ifUnique(builder::listener);
        registry.ifUnique(builder::observationRegistry);
        convention.ifUnique(builder::observationConvention);
        return builder.build();
    }
}
