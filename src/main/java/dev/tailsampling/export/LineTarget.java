package dev.tailsampling.export;

import java.io.IOException;
import java.io.OutputStream;

/** Where lines go; its text form names it in messages. */
interface LineTarget extends AutoCloseable {

    /** The stream to write to; after {@link #close} a new one. */
    OutputStream stream() throws IOException;

    /** Makes what was flushed out of the stream survive a power cut, if that is possible here. */
    void force() throws IOException;

    /** Gives back what {@link #stream} took. Does not fail: what was flushed is in the system's hands already. */
    @Override
    void close();
}
