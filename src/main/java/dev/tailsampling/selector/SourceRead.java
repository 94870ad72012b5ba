package dev.tailsampling.selector;

/**
 * What one read brought.
 *
 * @param cursor the source is read up to here
 * @param files files opened
 * @param rows rows delivered, undecodable ones included
 * @param duplicateRows rows skipped because they had been read before
 * @param bytes size of the files opened
 * @param caughtUp whether nothing more was there when the read began
 */
public record SourceRead(SourceCursor cursor, int files, long rows, long duplicateRows, long bytes, boolean caughtUp) {}
