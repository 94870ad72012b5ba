package dev.tailsampling.sampler;

import java.util.Arrays;

/**
 * The counters of the Collector's {@code composite} policy: the spans that each sub-policy has kept in this second. They
 * start at 0 in each second since the epoch. Which traces are kept depends on the order in which they are decided. Not
 * thread-safe.
 */
public final class CompositeBudget {

    private static final char KIND = 'C';
    private static final long MILLIS_PER_SECOND = 1000;

    private final CompositeAllocation allocation;
    private final long[] keptSpans;
    private long second = Long.MIN_VALUE;

    CompositeBudget(CompositeAllocation allocation) {
        this.allocation = allocation;
        this.keptSpans = new long[allocation.subSpans().size()];
    }

    /**
     * Keeps a trace if the first sub-policy that samples it has the spans for it left. If it has not, no other
     * sub-policy is asked.
     *
     * @param sub index of that sub-policy
     * @param spans of the trace, 0 or more
     * @param timeMillis since the epoch; earlier than in a call before, it counts as that second
     */
    public boolean tryKeep(int sub, long spans, long timeMillis) {
        long now = Math.floorDiv(timeMillis, MILLIS_PER_SECOND);
        if (now > second) {
            second = now;
            Arrays.fill(keptSpans, 0);
        }
        long limit = Math.min(allocation.subSpans().get(sub), allocation.maxTotalSpans());
        boolean fits = spans <= limit - keptSpans[sub];
        if (fits) {
            keptSpans[sub] += spans;
        }
        return fits;
    }

    /** The whole state, to be read by {@link CompositeAllocation#restore}. */
    public byte[] snapshot() {
        StateWriter writer = new StateWriter(KIND);
        writer.number(second);
        writer.number(keptSpans.length);
        Arrays.stream(keptSpans).forEach(writer::number);
        return writer.finish();
    }

    void restore(byte[] snapshot) {
        StateReader reader = new StateReader(snapshot, KIND);
        second = reader.number();
        int subs = reader.size();
        Checks.require(subs == keptSpans.length,
                "the state is of %s sub-policies, the policy has others: start it anew",
                subs);
        Arrays.setAll(keptSpans, sub -> reader.number());
        reader.finish();
    }
}
