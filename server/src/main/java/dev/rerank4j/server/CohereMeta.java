package dev.rerank4j.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Cohere adds to an answer. Always there: clients look into it unasked.
 *
 * @param warnings what a person should know; null if there is nothing
 */
record CohereMeta(Version apiVersion, Units billedUnits, @Nullable List<String> warnings) {

    /** Cohere bills a query with so many documents as one unit. */
    private static final int UNIT = 100;

    record Version(String version) {
    }

    record Units(int searchUnits) {
    }

    static CohereMeta of(String version, int documents, Ranked ranked) {
        return new CohereMeta(new Version(version), new Units(Math.ceilDiv(documents, UNIT)), ranked.cut() == 0
                ? null
                : List.of(ranked.cut() + " of " + documents + " documents were longer than what was read of them and "
                        + "were cut; model " + ranked.model().name() + " reads " + ranked.model().maxTokens()
                        + " tokens of query and document together"));
    }
}
