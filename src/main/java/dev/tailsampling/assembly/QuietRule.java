package dev.tailsampling.assembly;

import dev.tailsampling.policy.TraceSummary;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a trace is complete, judged in table time, never by a clock, so that a replay decides as the live run did.
 *
 * @param inactivityTimeoutMillis quiet when nothing arrived for this long, at least 1
 * @param maxTraceDurationMillis forced when it has been open for this long, at least 1. Below the inactivity timeout it
 *     is a fixed wait, like the Collector's {@code decision_wait}
 */
public record QuietRule(long inactivityTimeoutMillis, long maxTraceDurationMillis) {

    public QuietRule {
        if (inactivityTimeoutMillis < 1) {
            throw new IllegalArgumentException("the inactivity timeout must be positive: " + inactivityTimeoutMillis);
        }
        if (maxTraceDurationMillis < 1) {
            throw new IllegalArgumentException(
                    "the maximal trace duration must be positive: " + maxTraceDurationMillis);
        }
    }

    /** The rule of these two durations. */
    public static QuietRule of(Duration inactivityTimeout, Duration maxTraceDuration) {
        return new QuietRule(inactivityTimeout.toMillis(), maxTraceDuration.toMillis());
    }

    /** Why the trace is complete at this table time, or null while it is open. */
    @Nullable
    CompletionReason completed(TraceSummary summary, long tableTimeMillis) {
        if (tableTimeMillis - summary.lastActiveMillis() >= inactivityTimeoutMillis) {
            return CompletionReason.QUIET;
        }
        return tableTimeMillis - summary.firstActiveMillis() >= maxTraceDurationMillis
                ? CompletionReason.MAX_DURATION
                : null;
    }

    /** Earliest table time at which the trace can be complete, if nothing more arrives. */
    public long deadlineMillis(TraceSummary summary) {
        return Math.min(summary.lastActiveMillis() + inactivityTimeoutMillis,
                summary.firstActiveMillis() + maxTraceDurationMillis);
    }
}
