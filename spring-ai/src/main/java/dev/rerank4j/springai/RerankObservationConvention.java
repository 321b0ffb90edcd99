package dev.rerank4j.springai;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and key values of observations of searches and rerankings; a bean of this type replaces the default. */
public interface RerankObservationConvention extends ObservationConvention<RerankObservationContext> {

    /**
     * Whether this convention can name an observation.
     *
     * @param context of any observation
     * @return whether it is one of ours
     */
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof RerankObservationContext;
    }
}
