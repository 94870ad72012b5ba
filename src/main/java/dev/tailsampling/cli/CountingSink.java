package dev.tailsampling.cli;

import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.Set;

/** A sink that shows how many spans went through it. */
final class CountingSink implements SpanSink {

    private final SpanSink sink;
    private final Progress progress;

    CountingSink(SpanSink sink, Progress progress) {
        this.sink = sink;
        this.progress = progress;
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
