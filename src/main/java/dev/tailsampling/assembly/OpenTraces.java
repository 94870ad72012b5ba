package dev.tailsampling.assembly;

import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The open traces: spans are folded in, and complete traces are taken out. Each trace waits in a list for the second of
 * its earliest possible completion; one that was active since moves to a later list when its turn comes. So a cycle costs
 * time for the new spans and the traces that are due, not for those that stay open.
 *
 * <p>Not thread-safe.
 */
public final class OpenTraces {

    private static final long BUCKET_MILLIS = 1_000;

    private final QuietRule rule;
    private final SpanFolder folder;
    private final TraceTable table = new TraceTable();
    private final HeldLocations held = new HeldLocations();
    private final TreeMap<Long, List<TraceSummary>> dueByBucket = new TreeMap<>();

    /** No open trace yet. */
    public OpenTraces(QuietRule rule, SpanFolder folder) {
        this.rule = rule;
        this.folder = folder;
    }

    /** Number of open traces. */
    public int size() {
        return table.size();
    }

    /**
     * Folds one span in.
     *
     * @param arrivalMillis when it reached the table's topic, milliseconds since the epoch, as its record says
     * @param activeMillis the same as far as it is to be believed; by it the trace is open or quiet
     * @param location where the span can be read again, a number of the source, at least 0
     * @return what is known of its trace now
     */
    public TraceSummary fold(SpanView span, long arrivalMillis, long activeMillis, int location) {
        TraceSummary summary = table.open(span.traceIdHigh(), span.traceIdLow());
        int spansBefore = summary.spanCount();
        long deadline = spansBefore == 0 ? Long.MAX_VALUE : rule.deadlineMillis(summary);
        folder.fold(summary, span);
        if (summary.arrived(arrivalMillis, activeMillis, location) && !summary.isHandedOver()) {
            held.hold(location);
        }
        scheduleIfEarlier(summary, deadline);
        return summary;
    }

    /** Folds a span in whose record tells the time right. */
    public TraceSummary fold(SpanView span, long arrivalMillis, int location) {
        return fold(span, arrivalMillis, arrivalMillis, location);
    }

    /** Takes in a summary made elsewhere, merging it with what is known of the trace. */
    public void merge(TraceSummary other) {
        TraceSummary known = table.get(other.traceIdHigh(), other.traceIdLow());
        if (known == null) {
            table.add(other);
            schedule(other);
            held.holdAll(other);
        } else {
            long deadline = rule.deadlineMillis(known);
            held.releaseAll(known);
            known.merge(other);
            held.holdAll(known);
            scheduleIfEarlier(known, deadline);
        }
    }

    /** What was seen of an open trace is kept elsewhere: from now on it holds no location. */
    public void handOver(TraceSummary summary) {
        if (!summary.isHandedOver()) {
            held.releaseAll(summary);
            summary.handOver();
        }
    }

    /** Takes in an open trace that was handed over, and of which no span has been folded here. */
    public void takeBack(TraceSummary handedOver) {
        handedOver.handOver();
        table.add(handedOver);
        schedule(handedOver);
    }

    /** Whether the trace is open and was handed over. */
    public boolean isHandedOver(long traceIdHigh, long traceIdLow) {
        TraceSummary known = table.get(traceIdHigh, traceIdLow);
        return known != null && known.isHandedOver();
    }

    /** Whether this is what is known of an open trace. */
    public boolean holds(TraceSummary summary) {
        return table.get(summary.traceIdHigh(), summary.traceIdLow()) == summary;
    }

    /** Removes an open trace before it is complete. */
    public CompletedTrace take(TraceSummary summary, CompletionReason reason) {
        close(summary);
        return new CompletedTrace(summary, reason);
    }

    /** Activity moves a deadline back, which is noticed at the old one. Only a record out of order moves it forward. */
    private void scheduleIfEarlier(TraceSummary summary, long deadlineBefore) {
        if (rule.deadlineMillis(summary) < deadlineBefore) {
            schedule(summary);
        }
    }

    private void schedule(TraceSummary summary) {
        long bucket = Math.floorDiv(rule.deadlineMillis(summary), BUCKET_MILLIS);
        dueByBucket.computeIfAbsent(bucket, unseen -> new ArrayList<>()).add(summary);
    }

    /** Removes and returns the traces that are complete at this table time (milliseconds since the epoch). */
    public List<CompletedTrace> takeCompleted(long tableTimeMillis) {
        List<CompletedTrace> completed = new ArrayList<>();
        List<TraceSummary> stillOpen = new ArrayList<>();
        Iterator<List<TraceSummary>> due =
                dueByBucket.headMap(Math.floorDiv(tableTimeMillis, BUCKET_MILLIS), true).values().iterator();
        while (due.hasNext()) {
            for (TraceSummary summary : due.next()) {
                // A trace that was scheduled twice is closed at the first occasion.
                if (!holds(summary)) {
                    continue;
                }
                CompletionReason reason = rule.completed(summary, tableTimeMillis);
                if (reason == null) {
                    stillOpen.add(summary);
                } else {
                    close(summary);
                    completed.add(new CompletedTrace(summary, reason));
                }
            }
            due.remove();
        }
        stillOpen.forEach(this::schedule);
        return completed;
    }

    /** Removes and returns all traces: the input has ended. */
    public List<CompletedTrace> drain() {
        List<CompletedTrace> all = new ArrayList<>(table.size());
        table.forEach(summary -> all.add(new CompletedTrace(summary, CompletionReason.DRAINED)));
        table.clear();
        held.clear();
        dueByBucket.clear();
        return all;
    }

    private void close(TraceSummary summary) {
        table.remove(summary);
        if (!summary.isHandedOver()) {
            held.releaseAll(summary);
        }
    }

    /** Locations that hold a span of some open trace, ascending. */
    public SortedSet<Integer> heldLocations() {
        return held.held();
    }

    /** Visits every open trace. */
    public void forEach(Consumer<TraceSummary> action) {
        table.forEach(action);
    }
}
