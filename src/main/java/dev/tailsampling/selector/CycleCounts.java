package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.SpanCache;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of the cycle in progress. Not thread-safe. */
final class CycleCounts {

    private final Map<CycleMetric, Long> values = new EnumMap<>(CycleMetric.class);
    private final Map<String, Long> ruleMatches = new HashMap<>();
    private final Map<PolicyOutcome, Long> policyDecisions = new HashMap<>();

    CycleCounts() {
        add(CycleMetric.CYCLES, 1);
    }

    void add(CycleMetric metric, long count) {
        values.merge(metric, count, Long::sum);
    }

    void addMillis(CycleMetric metric, Instant begin, Instant end) {
        add(metric, Duration.between(begin, end).toMillis());
    }

    void addRead(SourceRead read) {
        add(CycleMetric.FILES_READ, read.files());
        add(CycleMetric.BYTES_READ, read.bytes());
        add(CycleMetric.ROWS_READ, read.rows());
        add(CycleMetric.ROWS_DUPLICATE, read.duplicateRows());
        add(CycleMetric.ROWS_PENDING, read.rowsPending());
    }

    void addStats(ReadStats stats) {
        add(CycleMetric.BYTES_FROM_STORAGE, stats.bytesFromStorage());
        add(CycleMetric.BYTES_COMMITTED, stats.bytesCommitted());
        add(CycleMetric.BYTES_DECOMPRESSED, stats.bytesDecompressed());
        add(CycleMetric.PAGES_SKIPPED, stats.pagesSkipped());
        add(CycleMetric.CHUNKS_BY_LIBRARY, stats.chunksByLibrary());
    }

    /** What the cache holds at the end of the cycle. */
    void addCache(SpanCache cache) {
        add(CycleMetric.SPANS_CACHED, cache.spanCount());
        add(CycleMetric.CACHE_BYTES, cache.heldBytes());
        add(CycleMetric.SPANS_EVICTED, cache.takeEvictedSpans());
    }

    /** Counts a decision, and the force rules that the trace matches: late spans match none, they follow. */
    void addDecided(DecidedTrace trace, List<String> matchedRules) {
        int spans = trace.summary().spanCount();
        add(CycleMetric.TRACES_COMPLETED, 1);
        add(CycleMetric.TRACES_FORCED, trace.completion() == CompletionReason.BUFFER_FULL ? 1 : 0);
        if (trace.isLate()) {
            add(CycleMetric.TRACES_LATE, 1);
            add(CycleMetric.SPANS_LATE, spans);
            return;
        }
        policyDecisions.merge(PolicyOutcome.of(trace.decision()), 1L, Long::sum);
        matchedRules.forEach(rule -> ruleMatches.merge(rule, 1L, Long::sum));
        boolean forced = trace.decision().forceRuleId() != null;
        switch (trace.decision().outcome()) {
            case SAMPLED -> {
                add(CycleMetric.TRACES_FORCE_SAMPLED, forced ? 1 : 0);
                add(CycleMetric.TRACES_SAMPLED, 1);
                add(CycleMetric.SPANS_SAMPLED, spans);
            }
            case NOT_SAMPLED -> {
                add(CycleMetric.TRACES_NOT_SAMPLED, 1);
                add(CycleMetric.SPANS_NOT_SAMPLED, spans);
            }
            case DROPPED -> {
                add(CycleMetric.TRACES_FORCE_DROPPED, forced ? 1 : 0);
                add(CycleMetric.TRACES_DROPPED, 1);
                add(CycleMetric.SPANS_DROPPED, spans);
            }
        }
    }

    CycleReport report() {
        return new CycleReport(values, ruleMatches, policyDecisions);
    }
}
