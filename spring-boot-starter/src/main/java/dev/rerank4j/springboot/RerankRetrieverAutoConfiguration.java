package dev.rerank4j.springboot;

import dev.rerank4j.SearchPipeline;
import dev.rerank4j.springai.RerankObservationConvention;
import dev.rerank4j.springai.TwoStageDocumentRetriever;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.rag.retrieval.search.DocumentRetriever;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * The retriever of documents, where there is a {@link SearchPipeline}: that of the index or the application's own. It is
 * a fallback: where an application asks for a {@code DocumentRetriever} and has one of its own, it gets that.
 */
@AutoConfiguration(after = RerankIndexAutoConfiguration.class)
@ConditionalOnRerank4j
@ConditionalOnClass({TwoStageDocumentRetriever.class, DocumentRetriever.class})
@EnableConfigurationProperties(Rerank4jProperties.class)
public final class RerankRetrieverAutoConfiguration {

    RerankRetrieverAutoConfiguration() {
    }

    @Bean
    @Fallback
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(SearchPipeline.class)
    TwoStageDocumentRetriever twoStageDocumentRetriever(Rerank4jProperties properties, SearchPipeline pipeline,
            ObjectProvider<ObservationRegistry> registry, ObjectProvider<RerankObservationConvention> convention) {
        TwoStageDocumentRetriever.Builder builder = TwoStageDocumentRetriever.builder(pipeline)
                .limit(properties.searchLimit()).depth(properties.effectiveDepth()).timeout(properties.timeout())
                .unit(properties.index().unit());
        if (properties.minScore() != null) {
            builder.minScore(properties.minScore());
        }
        registry.ifUnique(builder::observationRegistry);
        convention.ifUnique(builder::observationConvention);
        return builder.build();
    }
}
