package dev.rerank4j.springboot;

import dev.rerank4j.Scorer;
import dev.rerank4j.lucene.LuceneIndex;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of model and index, where the application has Actuator, unless {@code management.health.rerank4j.enabled} is false. */
@AutoConfiguration(after = {RerankModelAutoConfiguration.class, RerankIndexAutoConfiguration.class})
@ConditionalOnRerank4j
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class, LuceneIndex.class})
public final class RerankHealthAutoConfiguration {

    RerankHealthAutoConfiguration() {
    }

    @Bean
    @ConditionalOnEnabledHealthIndicator("rerank4j") // not on the class: there it is looked for before the others
    @ConditionalOnMissingBean(name = "rerank4jHealthIndicator")
    @ConditionalOnSingleCandidate(Scorer.class)
    HealthIndicator rerank4jHealthIndicator(Scorer scorer, ObjectProvider<LuceneIndex> index) {
        return new RerankHealthIndicator(scorer, index.getIfAvailable());
    }
}
