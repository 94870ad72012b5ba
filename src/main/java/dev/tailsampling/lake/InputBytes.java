package dev.tailsampling.lake;

import dev.tailsampling.parquet.FileBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** The bytes of one file of a table. Not thread-safe. */
final class InputBytes implements FileBytes, AutoCloseable {

    private final InputFile file;
    private final long length;
    private final SeekableInputStream stream;

    /** Opens the file. */
    InputBytes(InputFile file) {
        this.file = file;
        this.length = file.getLength();
        this.stream = file.newStream();
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int count) {
        try {
            stream.seek(position);
            int read = stream.readNBytes(into, offset, count);
            if (read < count) {
                throw new IOException("it ends at byte " + (position + read));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading data file " + file.location() + " failed", e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing data file " + file.location() + " failed", e);
        }
    }
}
