package dev.tailsampling.backfill;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.PolicyDecider;
import java.time.Instant;

/**
 * Which traces a backfill decides: those whose first span arrived in a range. Times are milliseconds since the epoch.
 *
 * @param fromMillisInclusive start, at least 0
 * @param toMillisExclusive end, after the start
 * @param quiet when a trace is complete
 */
public record BackfillRange(long fromMillisInclusive, long toMillisExclusive, QuietRule quiet) {

    public BackfillRange {
        if (fromMillisInclusive < 0 || fromMillisInclusive >= toMillisExclusive) {
            throw new IllegalArgumentException("a range begins after 1970 and before it ends, not at "
                    + Instant.ofEpochMilli(fromMillisInclusive) + " to " + Instant.ofEpochMilli(toMillisExclusive));
        }
    }

    /** A trace that was open or had just been decided when the range began has a span from here on. */
    long leadInFromMillis() {
        return Math.max(0, fromMillisInclusive - quiet.maxTraceDurationMillis() - quiet.inactivityTimeoutMillis());
    }

    /** A trace of the range that is open at its end has a span from here on. */
    long activeFromMillis() {
        return Math.max(fromMillisInclusive, toMillisExclusive - quiet.inactivityTimeoutMillis());
    }

    /** Before this time no trace that began just before the end of the range is complete. */
    long firstCompleteMillis() {
        return toMillisExclusive + Math.min(quiet.inactivityTimeoutMillis(), quiet.maxTraceDurationMillis());
    }

    /** By this time every trace of the range is complete, and the window of budgets into which that falls has ended. */
    long allCompleteMillis() {
        return toMillisExclusive + quiet.maxTraceDurationMillis() + PolicyDecider.WINDOW_MILLIS;
    }

    /** By this time whatever arrived before {@link #allCompleteMillis} is quiet. */
    long allQuietMillis() {
        return allCompleteMillis() + quiet.inactivityTimeoutMillis() + PolicyDecider.WINDOW_MILLIS;
    }
}
