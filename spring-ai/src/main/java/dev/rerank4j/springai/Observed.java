package dev.rerank4j.springai;

import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.springai.RerankObservationContext.Operation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs searches within observations. */
record Observed(ObservationRegistry registry, @Nullable RerankObservationConvention convention) {

    static final Observed NOT = new Observed(ObservationRegistry.NOOP, null);

    private static final RerankObservationConvention DEFAULT = new DefaultRerankObservationConvention();

    SearchResult run(Operation operation, SearchRequest request, OptionalInt candidates, Supplier<SearchResult> work) {
        RerankObservationContext context = new RerankObservationContext(operation, request, candidates);
        Observation observation = RerankObservationDocumentation.RERANK.observation(convention, DEFAULT, () -> context,
                registry);
        return Objects.requireNonNull(observation.observe(() -> {
            SearchResult result = CallerContext.handedOver(work);
            context.setResult(result);
            return result;
        }));
    }
}
