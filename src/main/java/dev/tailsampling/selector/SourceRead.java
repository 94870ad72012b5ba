package dev.tailsampling.selector;

/**
 * What one read brought.
 *
 * @param cursor the source is read up to here
 * @param tableTimeMillis by which quietness is judged now: the cursor's or, while nothing is committed, the wall clock's,
 *     which is no part of the position, since the next commit may bring older records
 * @param files files opened
 * @param rows rows delivered, undecodable ones included
 * @param duplicateRows rows skipped because they had been read before
 * @param bytes size of the files opened
 * @param rowsPending rows that were committed when the read began and are left for later reads; an upper bound, as files
 *     that also hold rows read before are counted whole
 * @param caughtUp whether nothing more was there when the read began
 */
public record SourceRead(SourceCursor cursor, long tableTimeMillis, int files, long rows, long duplicateRows,
        long bytes, long rowsPending, boolean caughtUp) {}
