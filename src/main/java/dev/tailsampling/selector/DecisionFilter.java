package dev.tailsampling.selector;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.trace.TraceId;
import org.jspecify.annotations.Nullable;

/**
 * Selects ledger rows; a null field selects all.
 *
 * @param source table that the traces were read from
 * @param traceId one trace
 * @param outcome one outcome
 * @param policy name of the deciding policy
 * @param runId one run
 * @param fromCycleInclusive first cycle
 * @param toCycleInclusive last cycle
 * @param lateSpans whether rows of late spans are wanted too
 */
public record DecisionFilter(@Nullable String source, @Nullable TraceId traceId, @Nullable Outcome outcome,
        @Nullable String policy, @Nullable String runId, long fromCycleInclusive, long toCycleInclusive,
        LateSpans lateSpans) {

    /** What to do with rows that late spans caused. */
    public enum LateSpans {
        INCLUDE, EXCLUDE
    }

    /** Everything. */
    public static final DecisionFilter ALL =
            new DecisionFilter(null, null, null, null, null, 0, Long.MAX_VALUE, LateSpans.INCLUDE);

    /** The rows of some cycles of one source, late spans included. */
    public static DecisionFilter ofCycles(String source, long fromCycleInclusive, long toCycleInclusive) {
        return new DecisionFilter(source, null, null, null, null, fromCycleInclusive, toCycleInclusive,
                LateSpans.INCLUDE);
    }

    /** These rows, of one outcome only. */
    public DecisionFilter withOutcome(@Nullable Outcome wanted) {
        return new DecisionFilter(source, traceId, wanted, policy, runId, fromCycleInclusive, toCycleInclusive,
                lateSpans);
    }
}
