package dev.tailsampling.datadog;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Datadog's APM stats (hits, errors and latencies) over all spans, since those of a sampled stream would be wrong. As in
 * the Agent (datadog-agent, {@code pkg/trace/stats/span_concentrator.go}):
 * <ul>
 * <li>Counted are top-level spans, spans of kind server, client, producer and consumer, and those with
 * {@code _dd.measured}. Top-level are, as it is told without the rest of the trace, roots, servers and consumers
 * ({@code enable_otlp_compute_top_level_by_span_kind}).
 * <li>A span is counted in the ten seconds in which it ended. They are closed when the next ten have passed; spans that
 * come later are counted in the oldest that are still open.
 * </ul>
 *
 * <p>Spans that end in the future by more than a minute are counted in the minute to come, so memory is bounded.
 *
 * <p>{@link #observe} is for one thread; others may take what is closed meanwhile.
 */
public final class ApmStats {

    /** About as many groups as a payload of the Agent has. */
    public static final int DEFAULT_MAX_GROUPS = 4_000;

    private static final AttributeKey MEASURED = AttributeKey.of("_dd.measured");
    /** Buckets that stay open: the current one and the one before. */
    private static final int OPEN = 2;
    /** Buckets in the future. */
    private static final int AHEAD = 6;

    private final ApmKeys keys;
    private final int maxGroups;
    private final TreeMap<Long, ApmBucket> buckets = new TreeMap<>();
    private long oldestStart;

    /**
     * Stats without spans.
     *
     * @param maxGroups wanted in a bucket at most, at least 1; see {@link ApmBucket}
     * @param nowMillis milliseconds since the epoch; what ended before these ten seconds is counted in them
     */
    public ApmStats(ApmKeys keys, int maxGroups, long nowMillis) {
        if (maxGroups < 1) {
            throw new IllegalArgumentException("stats need at least one group: " + maxGroups);
        }
        this.keys = keys;
        this.maxGroups = maxGroups;
        this.oldestStart = startOf(TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }

    /** Counts a span. */
    public void observe(SpanView span) {
        boolean topLevel = isTopLevel(span);
        ApmKey key = topLevel || isMeasured(span) ? keys.of(span) : null;
        if (key != null) {
            long latencyNanos = Math.max(0, span.endUnixNano() - span.startUnixNano());
            add(key, span.startUnixNano() + latencyNanos, latencyNanos, span.status() == StatusCode.ERROR, topLevel);
        }
    }

    private static boolean isTopLevel(SpanView span) {
        return span.isRoot() || span.kind() == SpanKind.SERVER || span.kind() == SpanKind.CONSUMER;
    }

    private static boolean isMeasured(SpanView span) {
        return span.kind() == SpanKind.CLIENT || span.kind() == SpanKind.PRODUCER
                || isOne(span.attributes().get(MEASURED));
    }

    private static boolean isOne(@Nullable AttributeValue value) {
        return value instanceof AttributeValue.LongValue number && number.value() == 1
                || value instanceof AttributeValue.DoubleValue real && real.value() == 1;
    }

    private synchronized void add(ApmKey key, long endUnixNano, long latencyNanos, boolean error, boolean topLevel) {
        long start = Math.clamp(startOf(endUnixNano), oldestStart, oldestStart + (OPEN + AHEAD) * ApmBucket.NANOS);
        buckets.computeIfAbsent(start, first -> new ApmBucket(first, maxGroups)).counts(key)
                .add(latencyNanos, error, topLevel);
    }

    /** Takes the stats that no span is added to any more, oldest first. */
    public synchronized List<ApmBucket> take(long nowMillis) {
        long now = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        List<ApmBucket> closed = takeUntil(now - OPEN * ApmBucket.NANOS);
        oldestStart = Math.max(oldestStart, startOf(now) - (OPEN - 1) * ApmBucket.NANOS);
        return closed;
    }

    /** Takes all stats, oldest first, as nothing will be added any more. */
    public synchronized List<ApmBucket> takeAll() {
        return takeUntil(Long.MAX_VALUE);
    }

    private List<ApmBucket> takeUntil(long startInclusive) {
        var closed = buckets.headMap(startInclusive, true);
        List<ApmBucket> taken = new ArrayList<>(closed.values());
        closed.clear();
        return taken;
    }

    private static long startOf(long unixNano) {
        return unixNano - Math.floorMod(unixNano, ApmBucket.NANOS);
    }
}
