package dev.rerank4j.springai;

import dev.rerank4j.SearchResult;
import dev.rerank4j.springai.RerankObservationDocumentation.HighCardinalityKeyNames;
import dev.rerank4j.springai.RerankObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Optional;
import java.util.stream.Collectors;

/** The convention that applies if nobody gives another: no texts of queries or documents, no filters. */
public class DefaultRerankObservationConvention implements RerankObservationConvention {

    /** The name of meters. */
    public static final String DEFAULT_NAME = "rerank4j.operation";

    private static final String NONE = "none";

    /** With the {@linkplain #DEFAULT_NAME default name}. */
    public DefaultRerankObservationConvention() {
    }

    /**
     * The name of meters.
     *
     * @return {@value #DEFAULT_NAME}
     */
    @Override
    public String getName() {
        return DEFAULT_NAME;
    }

    /**
     * The name of spans.
     *
     * @param context of the observation
     * @return such as {@code rerank4j search}
     */
    @Override
    public String getContextualName(RerankObservationContext context) {
        return "rerank4j " + context.getOperation().value();
    }

    /**
     * Key values for meters: always the same keys.
     *
     * @param context of the observation
     * @return few values of each
     */
    @Override
    public KeyValues getLowCardinalityKeyValues(RerankObservationContext context) {
        return KeyValues.of(
                KeyValue.of(LowCardinalityKeyNames.SPRING_AI_KIND, context.getOperation().kind()),
                KeyValue.of(LowCardinalityKeyNames.OPERATION, context.getOperation().value()),
                KeyValue.of(LowCardinalityKeyNames.OUTCOME, outcome(context)),
                KeyValue.of(LowCardinalityKeyNames.FAILED_STAGES, context.getResult().map(this::failed).orElse(NONE)));
    }

    private static String outcome(RerankObservationContext context) {
        Optional<SearchResult> result = context.getResult();
        if (result.isPresent()) {
            return result.get().degraded() ? "degraded" : "complete";
        }
        return context.getError() == null ? "unknown" : "failed";
    }

    private String failed(SearchResult result) {
        String stages = RerankMetadata.failed(result).map(report -> report.stage()).collect(Collectors.joining(","));
        return stages.isEmpty() ? NONE : stages;
    }

    /**
     * Key values for traces.
     *
     * @param context of the observation
     * @return numbers and names of stages
     */
    @Override
    public KeyValues getHighCardinalityKeyValues(RerankObservationContext context) {
        KeyValues values = KeyValues.of(
                KeyValue.of(HighCardinalityKeyNames.LIMIT, String.valueOf(context.getRequest().limit())),
                KeyValue.of(HighCardinalityKeyNames.DEPTH, String.valueOf(context.getRequest().depth())));
        if (context.getCandidates().isPresent()) {
            values = values.and(KeyValue.of(HighCardinalityKeyNames.CANDIDATES,
                    String.valueOf(context.getCandidates().getAsInt())));
        }
        if (context.getResult().isPresent()) {
            SearchResult result = context.getResult().get();
            values = values.and(
                    KeyValue.of(HighCardinalityKeyNames.HITS, String.valueOf(result.ranking().size())),
                    KeyValue.of(HighCardinalityKeyNames.STAGES, result.stages().isEmpty()
                            ? NONE
                            : result.stages().stream().map(r -> r.stage() + "=" + r.time().toMillis() + "ms")
                                    .collect(Collectors.joining(","))));
        }
        return values;
    }
}
