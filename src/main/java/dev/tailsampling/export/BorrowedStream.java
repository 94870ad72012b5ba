package dev.tailsampling.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * A stream that belongs to someone else, such as the standard output: it is not closed.
 *
 * @param stream where lines go
 */
record BorrowedStream(OutputStream stream) implements LineTarget {

    /** A {@link PrintStream} such as the standard output keeps its failures to itself until it is asked. */
    @Override
    public void force() throws IOException {
        if (stream instanceof PrintStream printing && printing.checkError()) {
            throw new IOException("an earlier write failed");
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "output stream";
    }
}
