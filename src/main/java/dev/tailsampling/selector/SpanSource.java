package dev.tailsampling.selector;

import java.util.SortedSet;

/**
 * A table of spans that grows. Not thread-safe. I/O happens in the calls, not in constructors; failures are
 * {@link java.io.UncheckedIOException} or {@link SourceException}.
 */
public interface SpanSource {

    /** Name under which decisions and progress refer to the source, "namespace.table". */
    String name();

    /**
     * Reads rows that are new since a position, a bounded amount, each row once whatever happened to the table meanwhile.
     *
     * @param after where the last read ended
     * @throws SourceException if the table cannot be read safely; the message says what to do
     */
    SourceRead readNew(SourceCursor after, SpanSink sink);

    /**
     * Reads again the rows from one position up to another, to rebuild the open traces after a restart.
     *
     * @param fromInclusive per partition the first offset; partitions not named are read from their beginning
     * @param until where reading had ended
     */
    void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink);

    /**
     * Per partition the lowest offset among the rows of these locations: reading again from there finds all their spans.
     * For a partition that none of them touches, its next offset at the cursor.
     */
    SourceOffsets lowestOffsets(SortedSet<Integer> locations, SourceCursor cursor);

    /** What was read so far, fetching included; only differences mean something. */
    default ReadStats stats() {
        return ReadStats.NONE;
    }

    /** Forgets every location but these; numbers of forgotten ones are not used again. */
    void forgetAllBut(SortedSet<Integer> locations);
}
