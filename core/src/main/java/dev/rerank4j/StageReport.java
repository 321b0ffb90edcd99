package dev.rerank4j;

import java.time.Duration;
import java.util.Objects;

/** What became of one stage of a search. */
public sealed interface StageReport {

    /** {@return the stage's name, as in its evidence} */
    String stage();

    /** {@return how long it took, measured inside its task: waiting for a thread does not count} */
    Duration time();

    /**
     * The stage answered.
     *
     * @param stage the stage's name
     * @param time measured inside its task: waiting for a thread does not count
     * @param candidates how many hits it gave
     */
    record Completed(String stage, Duration time, int candidates) implements StageReport {
        /** Holds the components as they are. */
        public Completed {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The stage failed, or was cut off at the deadline; the search went on without it.
     *
     * @param stage the stage's name
     * @param time until it failed or was cut off
     * @param kind {@code TIMEOUT} if it was cut off
     * @param reason one sentence
     */
    record Failed(String stage, Duration time, RerankException.Kind kind, String reason) implements StageReport {
        /** Holds the components as they are. */
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
     * @param stage the stage's name
     * @param reason one sentence
     */
    record Skipped(String stage, String reason) implements StageReport {
        /** Holds the components as they are. */
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
