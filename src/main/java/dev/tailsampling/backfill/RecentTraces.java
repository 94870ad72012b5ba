package dev.tailsampling.backfill;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanHistory.Portion;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The spans that arrived lately in one table, put to policies that nobody decides with (yet). Nothing is recorded. */
public final class RecentTraces {

    private final SpanHistory history;
    private final long maxBytes;

    /**
     * What was looked at.
     *
     * @param fromMillisInclusive spans that arrived from then on, milliseconds since the epoch
     * @param untilMillisExclusive spans that arrived before then
     */
    public record Window(long fromMillisInclusive, long untilMillisExclusive) {}

    /**
     * Reads nothing yet.
     *
     * @param maxBytes size of the files that are read at most
     */
    public RecentTraces(SpanHistory history, long maxBytes) {
        this.history = history;
        this.maxBytes = maxBytes;
    }

    /**
     * Folds the spans that arrived within a window before the table's time into each of these.
     *
     * @throws SourceException if the table cannot be read, or the window holds too much
     * @throws java.io.UncheckedIOException if reading fails
     */
    public Window fold(Duration length, List<TrialTraces> trials) {
        long until = history.completeUntilMillis();
        if (until == SourceCursor.NO_TABLE_TIME) {
            return new Window(0, 0);
        }
        Window window = new Window(until - length.toMillis(), until);
        requireReadable(window);
        history.read(window.fromMillisInclusive(), window.untilMillisExclusive(), new Folding(trials));
        return window;
    }

    private void requireReadable(Window window) {
        long bytes = history.portions(window.fromMillisInclusive(), window.untilMillisExclusive()).stream()
                .mapToLong(Portion::bytes).sum();
        if (bytes > maxBytes) {
            throw new SourceException("the files of table " + history.name() + " with spans of that time have "
                    + bytes + " bytes, more than the " + maxBytes
                    + " that may be read at once: ask for fewer minutes, or use tss backfill --mode dry-run");
        }
    }

    /** Damaged rows and files were noted when they were scanned. */
    private record Folding(List<TrialTraces> trials) implements SpanSink {

        @Override
        public Set<SpanField> fields() {
            Set<SpanField> fields = EnumSet.noneOf(SpanField.class);
            trials.forEach(trial -> fields.addAll(trial.fields()));
            return fields;
        }

        @Override
        public void span(SpanView span, SourceRow row) {
            trials.forEach(trial -> trial.fold(span, row));
        }

        @Override
        public void undecodable(SourceRow row, String reason) {}

        @Override
        public void unreadable(String file, String reason) {}
    }
}
