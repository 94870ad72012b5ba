package dev.tailsampling.lake;

/** The row of a row group at which its columns are looked at. Not thread-safe. */
final class CurrentRow {

    private long row = -1;

    void next() {
        row++;
    }

    /** From 0 in the row group. */
    long index() {
        return row;
    }
}
