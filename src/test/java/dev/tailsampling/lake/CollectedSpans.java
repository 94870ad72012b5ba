package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Notes all that a source delivers. */
final class CollectedSpans implements SpanSink {

    final List<Long> spanIds = new ArrayList<>();
    final List<SourceRow> rows = new ArrayList<>();
    final List<String> undecodable = new ArrayList<>();
    final List<String> unreadable = new ArrayList<>();
    private Runnable onFirstSpan = () -> {};

    /** Something to happen in the middle of the read. */
    CollectedSpans onFirstSpan(Runnable action) {
        onFirstSpan = action;
        return this;
    }

    @Override
    public void span(SpanView span, SourceRow row) {
        spanIds.add(span.spanId());
        if (rows.isEmpty() || !rows.getLast().equals(row)) {
            rows.add(row);
        }
        Runnable action = onFirstSpan;
        onFirstSpan = () -> {};
        action.run();
    }

    @Override
    public void undecodable(SourceRow row, String reason) {
        undecodable.add(row.partition() + ":" + row.offset() + " " + reason);
    }

    @Override
    public void unreadable(String file, String reason) {
        unreadable.add(file + ": " + reason);
    }

    SortedSet<Integer> locations() {
        SortedSet<Integer> locations = new TreeSet<>();
        rows.forEach(row -> locations.add(row.location()));
        return locations;
    }
}
