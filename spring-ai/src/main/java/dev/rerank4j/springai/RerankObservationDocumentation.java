package dev.rerank4j.springai;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of this module and their keys. */
public enum RerankObservationDocumentation implements ObservationDocumentation {

    /** A search or a reranking. */
    RERANK {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultRerankObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return LowCardinalityKeyNames.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighCardinalityKeyNames.values();
        }
    };

    /** Keys with few values, for meters. */
    public enum LowCardinalityKeyNames implements KeyName {
        /** Spring AI's name for the kind of component. */
        SPRING_AI_KIND("spring.ai.kind"),
        /** {@code search} or {@code rerank}. */
        OPERATION("rerank4j.operation"),
        /** {@code complete}, {@code degraded}, {@code failed}; {@code unknown} while it runs. */
        OUTCOME("rerank4j.outcome"),
        /** The stages that failed or were late, in their order, joined by commas; {@code none} if none did. */
        FAILED_STAGES("rerank4j.failed_stages");

        private final String key;

        LowCardinalityKeyNames(String key) {
            this.key = key;
        }

        /**
         * The key.
         *
         * @return with dots
         */
        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys with many values, for traces. */
    public enum HighCardinalityKeyNames implements KeyName {
        /** How many hits are wanted. */
        LIMIT("rerank4j.limit"),
        /** How many candidates may be reranked. */
        DEPTH("rerank4j.depth"),
        /** How many documents were given; absent of a search. */
        CANDIDATES("rerank4j.candidates"),
        /** How many hits there are; absent if the operation failed. */
        HITS("rerank4j.hits"),
        /** What each stage took, such as {@code bm25=2ms,rerank=41ms}; absent if the operation failed. */
        STAGES("rerank4j.stages");

        private final String key;

        HighCardinalityKeyNames(String key) {
            this.key = key;
        }

        /**
         * The key.
         *
         * @return with dots
         */
        @Override
        public String asString() {
            return key;
        }
    }
}
