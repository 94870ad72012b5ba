package dev.tailsampling.generate;

import dev.tailsampling.trace.StatusCode;
import java.util.function.Consumer;

/** One of the load's many traces: a tree of calls, or several with silences in between. */
final class OrdinaryTrace implements TraceStory {

    private static final long NO_PARENT = 0;

    /** In the real traces the span that fails takes its caller along in about this share of the cases. */
    private static final double CALLER_FAILS_TOO = 0.3;

    /** Makes large traces take longer, with a rank correlation as in the real traces (0.56 … 0.85). */
    private static final double DURATION_FOLLOWS_SIZE = 0.6;

    /** One span in so many is late in a trace that has late spans, but at least one. */
    private static final int SPANS_PER_LATE_SPAN = 10;

    private final TraceStories stories;
    private final long number;
    private int burst;
    private long nextNanos;

    OrdinaryTrace(TraceStories stories, long number) {
        this.stories = stories;
        this.number = number;
        this.nextNanos = stories.load().startNanos(number);
    }

    @Override
    public long nextNanos() {
        return nextNanos;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public void tell(Consumer<PlannedSpan> spans) {
        new Burst(TracePlan.of(stories.load(), stories.catalog(), number)).tell(spans);
        burst++;
    }

    /** The spans of one burst while they are told. */
    private final class Burst {

        private final TracePlan plan;
        private final TraceShape shape = stories.load().profile().shape();
        private final SpanTree tree = stories.tree();
        private final Dice dice;
        private final int first;
        private final int count;
        private final boolean isLast;
        private final long end;

        Burst(TracePlan plan) {
            this.plan = plan;
            dice = plan.dice(burst);
            first = plan.firstSpan(burst);
            count = plan.firstSpan(burst + 1) - first;
            isLast = burst == plan.bursts() - 1;
            end = nextNanos + shape.durationNanos(durationRank());
        }

        private double durationRank() {
            double independent = dice.share();
            return dice.chance(DURATION_FOLLOWS_SIZE) ? plan.rank() : independent;
        }

        void tell(Consumer<PlannedSpan> spans) {
            Operation top = first == 0 ? plan.entry() : stories.catalog().resumed(dice);
            tree.grow(top, nextNanos, end, count, dice);
            int failingCaller = failingCaller();
            int firstLate = firstLate();
            for (int span = first == 0 ? 1 : 0; span < count; span++) {
                boolean fails = first + span == plan.failing() || span == failingCaller;
                spans.accept(span(span, span < firstLate ? tree.end(span) : lateNanos(), status(fails)));
            }
            if (isLast) {
                spans.accept(root(status(plan.failing() == 0 || first == 0 && failingCaller == 0)));
            }
            nextNanos = isLast ? NEVER : end + shape.silenceNanos(dice);
        }

        /** Number within the tree of the span that fails along with the one it called, or -1. */
        private int failingCaller() {
            int failing = plan.failing() - first;
            boolean takesCallerAlong = failing > 0 && failing < count && dice.chance(CALLER_FAILS_TOO);
            return takesCallerAlong ? tree.parent(failing) : -1;
        }

        /** Number within the tree of the first of the spans that are late, which are the last ones. */
        private int firstLate() {
            return plan.late() && isLast ? count - Math.max(1, count / SPANS_PER_LATE_SPAN) : count;
        }

        private long lateNanos() {
            long delay = stories.load().profile().delivery().lateDelay().toNanos();
            return end + delay + (long) (delay * dice.share());
        }

        private PlannedSpan span(int span, long readyNanos, StatusCode status) {
            TraceIdentity trace = plan.identity();
            int parent = span == 0 ? 0 : first + tree.parent(span);
            return new PlannedSpan(trace, trace.spanId(first + span), trace.spanId(parent), tree.start(span),
                    tree.end(span), readyNanos, tree.operation(span), status);
        }

        /** The root lasts from the first burst's start to the last one's end, so it is sent with the last. */
        private PlannedSpan root(StatusCode status) {
            long start = stories.load().startNanos(number);
            return new PlannedSpan(plan.identity(), plan.identity().spanId(0), NO_PARENT, start, end, end, plan.entry(),
                    status);
        }

        private static StatusCode status(boolean fails) {
            return fails ? StatusCode.ERROR : StatusCode.UNSET;
        }
    }
}
