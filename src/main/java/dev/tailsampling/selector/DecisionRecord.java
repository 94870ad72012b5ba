package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the decision ledger.
 *
 * @param source the table that the trace was read from, "namespace.table"
 * @param cycle number of the cycle that decided, counted from 1 for each source
 * @param runId the run that decided
 * @param policySet version of the policy set
 * @param decidedAt wall-clock time of the decision
 * @param tableTimeMillis table time of the decision, milliseconds since the epoch
 * @param completion why the trace was complete; {@link CompletionReason#LATE_SPANS} rows repeat an earlier decision for
 *     spans that came after it
 * @param trace what was seen of the trace
 * @param decision what was decided
 * @param backfill mode of the backfill that decided, null for the scanner
 */
public record DecisionRecord(String source, long cycle, String runId, String policySet, Instant decidedAt,
        long tableTimeMillis, CompletionReason completion, TraceFacts trace, Decision decision,
        @Nullable BackfillMode backfill) {

    /** A decision of the scanner. */
    public DecisionRecord(String source, long cycle, String runId, String policySet, Instant decidedAt,
            long tableTimeMillis, CompletionReason completion, TraceFacts trace, Decision decision) {
        this(source, cycle, runId, policySet, decidedAt, tableTimeMillis, completion, trace, decision, null);
    }
}
