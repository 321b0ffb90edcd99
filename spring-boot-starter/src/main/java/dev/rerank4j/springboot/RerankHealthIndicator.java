package dev.rerank4j.springboot;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the model scores a pair and the index can be read. A model that is merely busy is well: restarting it would
 * not help.
 */
record RerankHealthIndicator(Scorer scorer, @Nullable LuceneIndex index) implements HealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public Health health() {
        Health.Builder health = Health.up().withDetail("model", scorer.name());
        try {
            scorer.score(ScoreRequest.of("health", List.of("health"), Deadline.in(PATIENCE)));
        } catch (RerankException e) {
            switch (e.kind()) {
                case OVERLOADED, TIMEOUT -> health.withDetail("busy", true);
                case INVALID_REQUEST, UNAVAILABLE, MODEL, INTERNAL -> health.down(e);
            }
        } catch (IllegalStateException e) {
            health.down(e);
        }
        if (index != null) {
            try {
                health.withDetail("documents", index.documentCount()).withDetail("passages", index.size());
            } catch (RerankException | IllegalStateException e) {
                health.down(e);
            }
        }
        return health.build();
    }
}
