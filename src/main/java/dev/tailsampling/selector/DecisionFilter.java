package dev.tailsampling.selector;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
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
 * @param takenBy whose decisions
 * @param firstArrival when the first span arrived
 * @param decidedFromInclusive when the decision was taken at the earliest
 */
public record DecisionFilter(@Nullable String source, @Nullable TraceId traceId, @Nullable Outcome outcome,
        @Nullable String policy, @Nullable String runId, long fromCycleInclusive, long toCycleInclusive,
        LateSpans lateSpans, TakenBy takenBy, @Nullable ArrivalRange firstArrival,
        @Nullable Instant decidedFromInclusive) {

    /** What to do with rows that late spans caused. */
    public enum LateSpans {
        INCLUDE, EXCLUDE
    }

    /** Who took a decision. */
    public enum TakenBy {
        ANYBODY, SCANNER, BACKFILL
    }

    /**
     * A range of arrival times.
     *
     * @param fromMillisInclusive milliseconds since the epoch
     * @param toMillisInclusive milliseconds since the epoch
     */
    public record ArrivalRange(long fromMillisInclusive, long toMillisInclusive) {}

    /** Everything. */
    public static final DecisionFilter ALL =
            new DecisionFilter(null, null, null, null, null, 0, Long.MAX_VALUE, LateSpans.INCLUDE);

    /** Whoever took the decisions, whenever the traces arrived. */
    public DecisionFilter(@Nullable String source, @Nullable TraceId traceId, @Nullable Outcome outcome,
            @Nullable String policy, @Nullable String runId, long fromCycleInclusive, long toCycleInclusive,
            LateSpans lateSpans) {
        this(source, traceId, outcome, policy, runId, fromCycleInclusive, toCycleInclusive, lateSpans,
                TakenBy.ANYBODY, null, null);
    }

    /** The rows of some cycles of one key, late spans included. */
    public static DecisionFilter ofCycles(LedgerKey key, long fromCycleInclusive, long toCycleInclusive) {
        return new DecisionFilter(key.source(), null, null, null, key.backfillRun(), fromCycleInclusive,
                toCycleInclusive, LateSpans.INCLUDE,
                key.backfillRun() == null ? TakenBy.SCANNER : TakenBy.BACKFILL, null, null);
    }

    /** The rows that the scanner wrote in some cycles of one source, late spans included. */
    public static DecisionFilter ofCycles(String source, long fromCycleInclusive, long toCycleInclusive) {
        return ofCycles(LedgerKey.live(source), fromCycleInclusive, toCycleInclusive);
    }

    /** These rows, of one outcome only. */
    public DecisionFilter withOutcome(@Nullable Outcome wanted) {
        return new DecisionFilter(source, traceId, wanted, policy, runId, fromCycleInclusive, toCycleInclusive,
                lateSpans, takenBy, firstArrival, decidedFromInclusive);
    }

    /** These rows, of one taker only. */
    public DecisionFilter withTakenBy(TakenBy wanted) {
        return new DecisionFilter(source, traceId, outcome, policy, runId, fromCycleInclusive, toCycleInclusive,
                lateSpans, wanted, firstArrival, decidedFromInclusive);
    }

    /** These rows, of traces that began to arrive in this range only. */
    public DecisionFilter withFirstArrival(ArrivalRange wanted) {
        return new DecisionFilter(source, traceId, outcome, policy, runId, fromCycleInclusive, toCycleInclusive,
                lateSpans, takenBy, wanted, decidedFromInclusive);
    }

    /** These rows, of decisions taken at this time or later only. */
    public DecisionFilter withDecidedFrom(@Nullable Instant inclusive) {
        return new DecisionFilter(source, traceId, outcome, policy, runId, fromCycleInclusive, toCycleInclusive,
                lateSpans, takenBy, firstArrival, inclusive);
    }
}
