package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands for Kafka positions where a table has none: a row's partition is 0 and its offset the sequence number of the
 * commit that brought it. So the offsets of a cursor say the first commit that was not read.
 */
final class CommitPositions {

    /** The partition of all rows. */
    static final int PARTITION = 0;
    /** No partition of rows: its offset follows the commit at which the first read began. */
    private static final int LOAD = 1;

    private CommitPositions() {}

    static SourceOffsets next(long throughInclusive, long loadInclusive) {
        return new SourceOffsets(new TreeMap<>(Map.of(PARTITION, throughInclusive + 1, LOAD, loadInclusive + 1)));
    }

    /** The commit at which the first read began; -1 while there was none. */
    static long load(SourceCursor cursor) {
        return cursor.nextOffsets().of(LOAD) - 1;
    }
}
