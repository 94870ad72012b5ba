package dev.tailsampling.lake;

import dev.tailsampling.parquet.FileBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** The bytes of a data file, each call a read of the disk or a request to the object store. Thread-safe. */
final class DataFileBytes implements FileBytes, AutoCloseable {

    private final String location;
    private final long length;
    private final SeekableInputStream stream;

    /**
     * Opens the file; where that costs a request, with the first read.
     *
     * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist, here or later
     */
    DataFileBytes(InputFile file) {
        this.location = file.location();
        this.length = file.getLength();
        this.stream = file.newStream();
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public long length() {
        return length;
    }

    /** Whether every read is a request of its own, so that reads are better made ahead, and few. */
    boolean isRemote() {
        return stream instanceof RangeReadable;
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int bytes) {
        try {
            if (stream instanceof RangeReadable ranges) {
                ranges.readFully(position, into, offset, bytes);
            } else {
                readFromStream(position, into, offset, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading data file " + location + " failed: " + e.getMessage(), e);
        }
    }

    private synchronized void readFromStream(long position, byte[] into, int offset, int bytes) throws IOException {
        stream.seek(position);
        IOUtil.readFully(stream, into, offset, bytes);
    }

    @Override
    public synchronized void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing data file " + location + " failed", e);
        }
    }
}
