package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;

/** Takes what a source delivers in one cycle. Not thread-safe. */
final class CycleIntake implements SpanSink {

    /** Bounds memory, and the number of transactions. */
    private static final int DEAD_LETTERS_AT_ONCE = 1_000;

    private final String source;
    private final ControlLog control;
    private final CycleCounts counts;
    private final Set<SpanField> fields;
    private final BiConsumer<SpanView, SourceRow> folding;
    private final LongFunction<List<CompletedTrace>> completing;
    private final Map<SourceRow, String> deadLetters = new LinkedHashMap<>();
    private final List<CompletedTrace> completed = new ArrayList<>();
    private final Set<TraceId> completedIds = new HashSet<>();

    /**
     * For one cycle.
     *
     * @param completing removes and returns the traces that are complete at a time of the source
     */
    CycleIntake(String source, ControlLog control, CycleCounts counts, Set<SpanField> fields,
            BiConsumer<SpanView, SourceRow> folding, LongFunction<List<CompletedTrace>> completing) {
        this.source = source;
        this.control = control;
        this.counts = counts;
        this.fields = fields;
        this.folding = folding;
        this.completing = completing;
    }

    @Override
    public Set<SpanField> fields() {
        return fields;
    }

    @Override
    public void span(SpanView span, SourceRow row) {
        folding.accept(span, row);
    }

    @Override
    public void timeReached(long tableTimeMillis) {
        for (CompletedTrace trace : completing.apply(tableTimeMillis)) {
            completed.add(trace);
            completedIds.add(trace.summary().traceId());
        }
    }

    @Override
    public boolean accepts(long traceIdHigh, long traceIdLow) {
        return !completedIds.contains(new TraceId(traceIdHigh, traceIdLow));
    }

    @Override
    public boolean acceptsAll() {
        return completedIds.isEmpty();
    }

    /** Traces that were complete at some time during the read. */
    List<CompletedTrace> completed() {
        return completed;
    }

    @Override
    public void undecodable(SourceRow row, String reason) {
        counts.add(CycleMetric.ROWS_UNDECODABLE, 1);
        deadLetters.put(row, reason);
        if (deadLetters.size() == DEAD_LETTERS_AT_ONCE) {
            keepDeadLetters();
        }
    }

    void keepDeadLetters() {
        if (!deadLetters.isEmpty()) {
            control.addDeadLetters(source, deadLetters);
            deadLetters.clear();
        }
    }

    @Override
    public void unreadable(String file, String reason) {
        counts.add(CycleMetric.FILES_UNREADABLE, 1);
        control.addUnreadableFile(source, file, reason);
    }
}
