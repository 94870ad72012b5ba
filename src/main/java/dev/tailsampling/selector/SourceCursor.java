package dev.tailsampling.selector;

/**
 * How far a source has been read.
 *
 * @param tableId identity of the table; a table re-created under the same name has another one. Empty before the first
 *     read
 * @param sequenceNumberInclusive files up to this data sequence number have been read
 * @param nextOffsets rows below these offsets have been read
 * @param tableTimeMillis every record older than this had arrived (running maximum), milliseconds since the epoch;
 *     {@link #NO_TABLE_TIME} while nothing is known
 */
public record SourceCursor(String tableId, long sequenceNumberInclusive, SourceOffsets nextOffsets,
        long tableTimeMillis) {

    /** Table time before any watermark was seen. */
    public static final long NO_TABLE_TIME = Long.MIN_VALUE;

    /** Sequence number at the end of a source that ends. */
    private static final long ENDED = Long.MAX_VALUE;

    /** Before the first row. */
    public static final SourceCursor START = new SourceCursor("", -1, SourceOffsets.NONE, NO_TABLE_TIME);

    /** This position at the end of a source that ends, such as a range of time: nothing will be read after it. */
    public SourceCursor ended() {
        return new SourceCursor(tableId, ENDED, nextOffsets, tableTimeMillis);
    }

    /** Whether the source ends here. */
    public boolean hasEnded() {
        return sequenceNumberInclusive == ENDED;
    }
}
