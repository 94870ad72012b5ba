package dev.tailsampling.cli;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanSink;
import java.util.List;

/** A table's history that shows how far its reading is. */
final class ProgressHistory implements SpanHistory {

    private final SpanHistory history;
    private final Progress progress;

    ProgressHistory(SpanHistory history, Progress progress) {
        this.history = history;
        this.progress = progress;
    }

    @Override
    public String name() {
        return history.name();
    }

    @Override
    public List<Portion> portions(long fromMillisInclusive, long untilMillisExclusive) {
        return history.portions(fromMillisInclusive, untilMillisExclusive);
    }

    @Override
    public long completeUntilMillis() {
        return history.completeUntilMillis();
    }

    @Override
    public SourceRead read(long fromMillisInclusive, long untilMillisExclusive, SpanSink sink) {
        return history.read(fromMillisInclusive, untilMillisExclusive, new CountingSink(sink, progress));
    }

    @Override
    public void fetch(List<FetchRequest> requests, long untilMillisExclusive, SpanFetcher.Receiver receiver) {
        history.fetch(requests, untilMillisExclusive, receiver);
    }

    @Override
    public ReadStats stats() {
        return history.stats();
    }
}
