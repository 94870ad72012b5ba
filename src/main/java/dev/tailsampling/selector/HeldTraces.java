package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is in memory of open traces within its limits, oldest traces first, and collects what has to be written down
 * of those that were handed over. Not thread-safe.
 */
final class HeldTraces {

    /** Above this part of the cache's limit room is made, so that a span that comes finds some. */
    private static final double NEARLY_FULL = 0.9;
    /** Closed traces that may wait in line with the open ones. */
    private static final int MIN_CLOSED = 1_024;

    private HoldLimits limits;
    private final OpenTraces open;
    private final SpanCache cache;
    private final SpanFolder folder;
    private final ArrayDeque<TraceSummary> byAge = new ArrayDeque<>();
    private final Map<TraceId, TraceSummary> unwritten = new LinkedHashMap<>();

    HeldTraces(HoldLimits limits, OpenTraces open, SpanCache cache, SpanFolder folder) {
        this.limits = limits;
        this.open = open;
        this.cache = cache;
        this.folder = folder;
    }

    HoldLimits limits() {
        return limits;
    }

    void limit(HoldLimits changed) {
        limits = changed;
    }

    /** A span was folded; this is what is known of its trace now. */
    void folded(SpanView span, SourceRow row, TraceSummary summary) {
        if (summary.isHandedOver()) {
            TraceSummary part =
                    unwritten.computeIfAbsent(summary.traceId(), id -> new TraceSummary(id.high(), id.low()));
            folder.fold(part, span);
            if (part.spanCount() == 1) {
                part.beginsAfter(OffsetLocations.within(row.offset()));
            }
            part.arrived(row.timestampMillis(), row.activeMillis(), row.location());
            return;
        }
        if (summary.spanCount() == 1) {
            byAge.add(summary);
            forgetClosed();
        }
        cache.offer(span, summary.spanCount() - 1);
    }

    private void forgetClosed() {
        if (byAge.size() > 2 * open.size() + MIN_CLOSED) {
            byAge.removeIf(summary -> !isHeld(summary));
        }
    }

    private boolean isHeld(TraceSummary summary) {
        return !summary.isHandedOver() && open.holds(summary);
    }

    /**
     * Hands over the traces that have been open for too long or have no room.
     *
     * @param notYet traces that have to wait
     */
    int handOver(long tableTimeMillis, Predicate<TraceId> notYet) {
        int handedOver = 0;
        List<TraceSummary> waiting = new ArrayList<>();
        for (TraceSummary oldest = oldest(); oldest != null
                && (isTooOld(oldest, tableTimeMillis) || isFull()); oldest = oldest()) {
            byAge.remove();
            if (notYet.test(oldest.traceId())) {
                waiting.add(oldest);
            } else {
                open.handOver(oldest);
                cache.release(oldest.traceIdHigh(), oldest.traceIdLow());
                unwritten.put(oldest.traceId(), oldest);
                handedOver++;
            }
        }
        waiting.reversed().forEach(byAge::addFirst);
        return handedOver;
    }

    /** Takes out the oldest traces until there is room for others. */
    List<CompletedTrace> takeOldest() {
        List<CompletedTrace> taken = new ArrayList<>();
        if (limits.whenFull() == HoldLimits.WhenFull.DECIDE) {
            long spans = 0;
            long bytes = 0;
            for (TraceSummary oldest = oldest(); oldest != null && isFull(taken.size(), spans, bytes);
                    oldest = oldest()) {
                byAge.remove();
                taken.add(open.take(oldest, CompletionReason.BUFFER_FULL));
                spans += oldest.spanCount();
                bytes += oldest.byteCount();
            }
        }
        return taken;
    }

    private @Nullable TraceSummary oldest() {
        while (!byAge.isEmpty() && !isHeld(byAge.getFirst())) {
            byAge.remove();
        }
        return byAge.peek();
    }

    private boolean isTooOld(TraceSummary summary, long tableTimeMillis) {
        return tableTimeMillis - summary.firstActiveMillis() >= limits.handOverAfter().toMillis();
    }

    private boolean isFull() {
        return isFull(0, 0, 0);
    }

    /** Whether there is no room once so much of what is in memory has gone. */
    private boolean isFull(int leavingTraces, long leavingSpans, long leavingBytes) {
        return cache.traceCount() - leavingTraces > limits.maxTraces()
                || cache.spanCount() - leavingSpans > limits.maxSpans()
                || cache.usedBytes() - leavingBytes > cache.maxBytes() * NEARLY_FULL;
    }

    /** What has to be written down of traces that were handed over, one part of each; to be written before it changes. */
    Collection<TraceSummary> parts() {
        return unwritten.values();
    }

    /** The parts are written. */
    void written() {
        unwritten.clear();
    }

    /** The trace has been decided: nothing of it needs to be written any more. */
    void decided(TraceSummary summary) {
        if (summary.isHandedOver()) {
            unwritten.remove(summary.traceId());
        }
    }
}
