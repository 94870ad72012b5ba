package dev.tailsampling.selector;

import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a restarted selector to where the ledger says it was. The ledger is the truth: the cache of recent decisions is
 * completed from it, exports that nobody confirmed are listed, and the open traces are folded again from their rows.
 */
final class Recovery {

    private static final int REMEMBER_AT_ONCE = 10_000;

    private final SelectorPorts ports;
    private final LedgerKey key;
    private final String stateKey;
    private final @Nullable Duration rememberFor;

    Recovery(SelectorPorts ports, LedgerKey key, String stateKey, @Nullable Duration rememberFor) {
        this.ports = ports;
        this.key = key;
        this.stateKey = stateKey;
        this.rememberFor = rememberFor;
    }

    /** Completes the cache of recent decisions up to the newest cycle in the ledger. */
    void completeRecentDecisions(long newestCycle) {
        long known = ports.recent().newestCycle(stateKey);
        if (known >= newestCycle) {
            return;
        }
        Instant decidedFrom = rememberFor == null ? null : ports.clock().instant().minus(rememberFor);
        List<DecisionRecord> chunk = new ArrayList<>();
        ports.log().forEach(DecisionFilter.ofCycles(key, known + 1, newestCycle).withDecidedFrom(decidedFrom),
                decision -> {
                    chunk.add(decision);
                    if (chunk.size() == REMEMBER_AT_ONCE) {
                        ports.recent().remember(stateKey, known, chunk);
                        chunk.clear();
                    }
                });
        ports.recent().remember(stateKey, newestCycle, chunk);
    }

    /** Cycles whose kept traces may not have been exported, oldest first. */
    List<Long> unconfirmedExports(LoggedCycle latest) {
        List<Long> candidates = new ArrayList<>(latest.unconfirmedExports());
        if (!latest.exportedFirst()) {
            candidates.add(latest.cycle());
        }
        candidates.removeAll(ports.control().confirmedExports(stateKey, candidates));
        return candidates;
    }

    /** Which of these traces have been decided after the last part of them was written, so that they are not open. */
    Set<TraceId> decidedSince(List<HandOvers.HandOver> handedOver, long newestCycle) {
        Map<TraceId, Long> writtenIn = new HashMap<>();
        handedOver.forEach(trace -> writtenIn.put(trace.summary().traceId(), trace.newestCycle()));
        if (!writtenIn.isEmpty()) {
            // Most were never decided; only what was decided once may be late spans that were decided, too.
            writtenIn.keySet().retainAll(ports.recent().find(stateKey, writtenIn.keySet()).keySet());
        }
        Set<TraceId> decided = new HashSet<>();
        writtenIn.values().stream().min(Long::compare).ifPresent(first -> ports.log().forEach(
                DecisionFilter.ofCycles(key, first, newestCycle), decision -> {
                    TraceId traceId = decision.trace().traceId();
                    if (decision.cycle() >= writtenIn.getOrDefault(traceId, Long.MAX_VALUE)) {
                        decided.add(traceId);
                    }
                }));
        return decided;
    }

    /** Delivers the spans of traces that were open, and late spans that had not been handled, to be folded again. */
    void refold(LoggedCycle latest, Set<SpanField> fields, BiConsumer<SpanView, SourceRow> folding) {
        NavigableMap<Long, SourceOffsets> readUpTo = new TreeMap<>();
        ports.log().cycles(key.text(), 1).forEach(cycle -> readUpTo.put(cycle.cycle(), cycle.cursor().nextOffsets()));
        Map<TraceId, Long> handledIn = handledTraces(latest, readUpTo);
        ports.source().readAgain(latest.replayFrom(), latest.cursor(), new SpanSink() {
            @Override
            public Set<SpanField> fields() {
                return fields;
            }

            @Override
            public void span(SpanView span, SourceRow row) {
                Long cycle = handledIn.get(span.traceId());
                if (cycle == null || isAfter(row, readUpTo.getOrDefault(cycle, latest.cursor().nextOffsets()))) {
                    folding.accept(span, row);
                }
            }

            @Override
            public void undecodable(SourceRow row, String reason) {
                // It was noted when it was first read.
            }

            @Override
            public void unreadable(String file, String reason) {
                // Likewise.
            }
        });
    }

    private static boolean isAfter(SourceRow row, SourceOffsets handledUpTo) {
        return row.offset() >= handledUpTo.of(row.partition());
    }

    /** Traces with rows in the range to be read again that a cycle has dealt with, and the last such cycle. */
    private Map<TraceId, Long> handledTraces(LoggedCycle latest, NavigableMap<Long, SourceOffsets> readUpTo) {
        Map<TraceId, Long> handled = new HashMap<>();
        long first = readUpTo.entrySet().stream()
                .filter(entry -> reaches(entry.getValue(), latest.replayFrom(), latest))
                .map(Map.Entry::getKey).findFirst().orElse(latest.cycle());
        if (!latest.replayFrom().equals(latest.cursor().nextOffsets())) {
            ports.log().forEach(DecisionFilter.ofCycles(key, first, latest.cycle()),
                    decision -> handled.merge(decision.trace().traceId(), decision.cycle(), Math::max));
        }
        return handled;
    }

    private static boolean reaches(SourceOffsets readUpTo, SourceOffsets replayFrom, LoggedCycle latest) {
        return latest.cursor().nextOffsets().byPartition().keySet().stream()
                .anyMatch(partition -> readUpTo.of(partition) > replayFrom.of(partition));
    }
}
