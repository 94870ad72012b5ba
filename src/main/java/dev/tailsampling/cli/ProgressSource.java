package dev.tailsampling.cli;

import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.selector.SpanSource;
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
        return source.readNew(after, new CountingSink(sink, progress));
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        source.readAgain(fromInclusive, until, new CountingSink(sink, progress));
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
}
