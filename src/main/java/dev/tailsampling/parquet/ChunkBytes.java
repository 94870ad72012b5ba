package dev.tailsampling.parquet;

import java.util.Arrays;

/** The bytes of one column chunk, read in blocks from its beginning to its end. */
final class ChunkBytes {

    /** One read asks for this much, or for what a page needs. */
    private static final int BLOCK = 1 << 20;

    private final FileBytes file;
    private final ReadCounters counters;
    private byte[] window = {};
    private int at;
    private int limit;
    /** Where the file's byte after {@link #limit} stands. */
    private long next;
    private final long end;

    ChunkBytes(FileBytes file, ByteRange range, ReadCounters counters) {
        this.file = file;
        this.counters = counters;
        this.next = range.position();
        this.end = range.position() + range.length();
    }

    /** Bytes up to the end of the chunk. */
    long remaining() {
        return end - next + buffered();
    }

    /** Bytes that can be had without reading. */
    int buffered() {
        return limit - at;
    }

    byte[] window() {
        return window;
    }

    /** Index of the next byte in {@link #window()}. */
    int position() {
        return at;
    }

    /** Makes the next bytes available in {@link #window()}; the caller has seen that the chunk has so many. */
    void require(int bytes) {
        if (buffered() < bytes) {
            fill(bytes);
        }
    }

    /** Passes over bytes, without reading those that were not read yet; the chunk has so many. */
    void advance(long bytes) {
        if (bytes <= buffered()) {
            at += (int) bytes;
        } else {
            next += bytes - buffered();
            at = limit;
        }
    }

    private void fill(int bytes) {
        int kept = buffered();
        int size = (int) Math.min(remaining(), Math.max(bytes, BLOCK));
        if (size > window.length) {
            window = Arrays.copyOfRange(window, at, at + size);
        } else {
            System.arraycopy(window, at, window, 0, kept);
        }
        at = 0;
        limit = size;
        file.readFully(next, window, kept, size - kept);
        next += size - kept;
        counters.read(size - kept);
    }
}
