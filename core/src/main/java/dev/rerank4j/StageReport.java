package dev.rerank4j;

import java.time.Duration;
import java.util.Objects;

/** What became of one stage of a search. */
public sealed interface StageReport {

    /** The stage's name. */
    String stage();

    /** How long it took, measured inside its task: waiting for a thread does not count. */
    Duration time();

    /**
     * The stage answered.
     *
     * @param candidates how many hits it gave
     */
    record Completed(String stage, Duration time, int candidates) implements StageReport {
        public Completed {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The stage failed, or was cut off at the deadline; the search went on without it.
     *
     * @param kind {@code TIMEOUT} if it was cut off
     * @param reason one sentence
     */
    record Failed(String stage, Duration time, RerankException.Kind kind, String reason) implements StageReport {
        public Failed {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The stage was not asked, because it does not apply to the query; that is no failure.
     *
     * @param reason one sentence
     */
    record Skipped(String stage, String reason) implements StageReport {
        public Skipped {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(reason, "reason");
        }

        /** Zero. */
        @Override
        public Duration time() {
            return Duration.ZERO;
        }
    }
}
