package dev.tailsampling.generate;

import java.util.function.Consumer;

/**
 * A trace in flight: tells its spans part by part, each part no sooner than its first span can be sent. Only what the
 * next part needs is kept meanwhile.
 */
interface TraceStory extends Comparable<TraceStory> {

    /** Result of {@link #nextNanos} when all has been told. */
    long NEVER = Long.MAX_VALUE;

    /** Start of the next part, nanoseconds since the epoch; no span told from now on is ready before. */
    long nextNanos();

    /** Number of the trace, which decides between parts of the same time. */
    long number();

    /** Tells the spans of the next part, in no particular order, and moves on. */
    void tell(Consumer<PlannedSpan> spans);

    @Override
    default int compareTo(TraceStory other) {
        int byTime = Long.compare(nextNanos(), other.nextNanos());
        return byTime != 0 ? byTime : Long.compare(number(), other.number());
    }
}
