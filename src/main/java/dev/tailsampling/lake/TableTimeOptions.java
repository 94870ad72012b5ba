package dev.tailsampling.lake;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How table time follows from a table.
 *
 * @param watermarkSlack taken off every watermark. AutoMQ's watermark may be ahead of records still to come when its
 *     coordinator was restarted; the inactivity timeout covers that too, so 0 is usual
 * @param estimateSlack taken off what is no watermark: the wall clock and record timestamps
 * @param idleAdvanceAfter without a commit for this long the topic counts as idle, and table time follows the wall
 *     clock; null waits for the next commit, however long it takes
 * @param clock the wall clock
 */
public record TableTimeOptions(Duration watermarkSlack, Duration estimateSlack, @Nullable Duration idleAdvanceAfter,
        InstantSource clock) {

    /** Two minutes, twice AutoMQ's default commit interval. */
    public static final Duration DEFAULT_IDLE_ADVANCE = Duration.ofMinutes(2);

    public TableTimeOptions {
        if (watermarkSlack.isNegative() || estimateSlack.isNegative()
                || idleAdvanceAfter != null && idleAdvanceAfter.isNegative()) {
            throw new IllegalArgumentException("the durations of table time must not be negative");
        }
    }

    /** No slack on watermarks, 30 seconds on estimates, idle after two minutes. */
    public static TableTimeOptions defaults(InstantSource clock) {
        return new TableTimeOptions(Duration.ZERO, Duration.ofSeconds(30), DEFAULT_IDLE_ADVANCE, clock);
    }

    /** Table time comes from commits alone: as a replay needs it, and whoever trusts no wall clock. */
    public TableTimeOptions strict() {
        return new TableTimeOptions(watermarkSlack, estimateSlack, null, clock);
    }
}
