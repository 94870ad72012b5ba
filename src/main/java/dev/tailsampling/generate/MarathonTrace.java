package dev.tailsampling.generate;

import dev.tailsampling.trace.StatusCode;
import java.util.function.Consumer;

/** A process that sleeps between bursts of {@value #BURST_SPANS} steps, one after the other. */
final class MarathonTrace implements TraceStory {

    private static final long NUMBER = -2;
    private static final int ROOT = 0;
    private static final int BURST_SPANS = 20;

    private final TraceIdentity trace;
    private final Operation process;
    private final Operation step;
    private final long start;
    private final long total;
    private final long silence;
    private final int bursts;
    private final long burstLength;
    private int burst;

    MarathonTrace(SpecialTrace.Marathon marathon, TraceStories stories) {
        trace = new TraceIdentity(marathon.id(), null, Dice.key(stories.load().seed(), NUMBER));
        Dice dice = new Dice(trace.spanKey());
        process = stories.catalog().resumed(dice);
        step = stories.catalog().step(process, dice);
        start = stories.load().arrivals().startNanos();
        total = marathon.total().toNanos();
        silence = marathon.silence().toNanos();
        long silences = (total - 1) / silence;
        bursts = Math.toIntExact(silences + 1);
        burstLength = (total - silences * silence) / bursts;
    }

    @Override
    public long nextNanos() {
        return burst < bursts ? start + burst * (burstLength + silence) : NEVER;
    }

    @Override
    public long number() {
        return NUMBER;
    }

    @Override
    public void tell(Consumer<PlannedSpan> to) {
        long from = nextNanos();
        for (int i = 0; i < BURST_SPANS; i++) {
            // The first step takes no time, so that the silences between ends are exact.
            to.accept(span(1 + burst * BURST_SPANS + i, trace.spanId(ROOT), from + stepEnd(Math.max(0, i - 1)),
                    from + stepEnd(i), step));
        }
        burst++;
        if (burst == bursts) {
            to.accept(span(ROOT, 0, start, start + total, process));
        }
    }

    private long stepEnd(int i) {
        return burstLength * i / (BURST_SPANS - 1);
    }

    private PlannedSpan span(int span, long parent, long from, long to, Operation operation) {
        return new PlannedSpan(trace, trace.spanId(span), parent, from, to, to, operation, StatusCode.UNSET);
    }
}
