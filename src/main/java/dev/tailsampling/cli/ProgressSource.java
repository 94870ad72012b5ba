package dev.tailsampling.cli;

import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.selector.SpanSource;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.Set;
import java.util.SortedSet;

/** A source that shows how far its reading is. */
final class ProgressSource implements SpanSource {

    private final SpanSource source;
    private final Progress progress;

    ProgressSource(SpanSource source, Progress progress) {
        this.source = source;
        this.progress = progress;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public SourceRead readNew(SourceCursor after, SpanSink sink) {
        return source.readNew(after, new Counting(sink));
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        source.readAgain(fromInclusive, until, new Counting(sink));
    }

    @Override
    public SourceOffsets lowestOffsets(SortedSet<Integer> locations, SourceCursor cursor) {
        return source.lowestOffsets(locations, cursor);
    }

    @Override
    public ReadStats stats() {
        return source.stats();
    }

    @Override
    public void forgetAllBut(SortedSet<Integer> locations) {
        source.forgetAllBut(locations);
    }

    private final class Counting implements SpanSink {

        private final SpanSink sink;

        Counting(SpanSink sink) {
            this.sink = sink;
        }

        @Override
        public Set<SpanField> fields() {
            return sink.fields();
        }

        @Override
        public void span(SpanView span, SourceRow row) {
            sink.span(span, row);
            progress.add(1);
        }

        @Override
        public void undecodable(SourceRow row, String reason) {
            sink.undecodable(row, reason);
        }

        @Override
        public void unreadable(String file, String reason) {
            sink.unreadable(file, reason);
        }
    }
}
