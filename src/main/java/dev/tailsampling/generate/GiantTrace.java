package dev.tailsampling.generate;

import dev.tailsampling.trace.StatusCode;
import java.util.function.Consumer;

/**
 * A job that works through its items one by one, a page of items at a time: the root, below it one span a page, below
 * that one span an item. Told page by page, so it needs no memory however many spans it has.
 */
final class GiantTrace implements TraceStory {

    private static final long NUMBER = -1;
    private static final int ROOT = 0;
    private static final int PAGE = 100;
    private static final long LEAST_SLOT_NANOS = 1_000;

    private final TraceIdentity trace;
    private final Operation job;
    private final Operation item;
    private final int spans;
    private final long start;
    private final long slot;
    private int nextSpan = ROOT + 1;

    GiantTrace(SpecialTrace.Giant giant, TraceStories stories) {
        trace = new TraceIdentity(giant.id(), null, Dice.key(stories.load().seed(), NUMBER));
        Dice dice = new Dice(trace.spanKey());
        job = stories.catalog().resumed(dice);
        item = stories.catalog().step(job, dice);
        spans = giant.spans();
        start = stories.load().arrivals().startNanos();
        slot = Math.max(LEAST_SLOT_NANOS, stories.load().lengthNanos() / (spans - 1));
    }

    @Override
    public long nextNanos() {
        return nextSpan < spans ? slotStart(nextSpan) : NEVER;
    }

    @Override
    public long number() {
        return NUMBER;
    }

    /** The last span of a page stands for the page itself; the root ends with the last page. */
    @Override
    public void tell(Consumer<PlannedSpan> to) {
        int page = Math.min(nextSpan + PAGE, spans) - 1;
        for (int span = nextSpan; span < page; span++) {
            to.accept(span(span, trace.spanId(page), slotStart(span), slotStart(span + 1), item));
        }
        to.accept(span(page, trace.spanId(ROOT), slotStart(nextSpan), slotStart(page + 1), item));
        if (page == spans - 1) {
            to.accept(span(ROOT, 0, start, slotStart(spans), job));
        }
        nextSpan = page + 1;
    }

    private long slotStart(int span) {
        return start + slot * (span - 1);
    }

    private PlannedSpan span(int span, long parent, long from, long to, Operation operation) {
        return new PlannedSpan(trace, trace.spanId(span), parent, from, to, to, operation, StatusCode.UNSET);
    }
}
