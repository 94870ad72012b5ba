package dev.tailsampling.lake;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** Local files that behave as those of an object store: each range is a request of its own, and counted. */
public final class RequestCountingIO implements FileIO {

    private static final long serialVersionUID = 1L;

    /** Ranges of data files asked for, in this process. */
    static final AtomicInteger REQUESTS = new AtomicInteger();
    static final AtomicLong BYTES = new AtomicLong();
    /** Streams of data files that are open, in this process. */
    static final AtomicInteger OPEN = new AtomicInteger();

    private final LocalFileIO local = new LocalFileIO();

    /** Iceberg creates it by reflection. */
    public RequestCountingIO() {}

    @Override
    public InputFile newInputFile(String path) {
        InputFile file = local.newInputFile(path);
        return path.endsWith(".parquet") ? new WatchedFile(file, RangeStream::new) : file;
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return local.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
        local.deleteFile(path);
    }

    private static final class RangeStream extends SeekableInputStream implements RangeReadable {

        private final SeekableInputStream stream;

        RangeStream(SeekableInputStream stream) {
            this.stream = stream;
            OPEN.incrementAndGet();
        }

        @Override
        public synchronized void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
            REQUESTS.incrementAndGet();
            BYTES.addAndGet(length);
            stream.seek(position);
            stream.readNBytes(buffer, offset, length);
        }

        @Override
        public int readTail(byte[] buffer, int offset, int length) {
            throw new UnsupportedOperationException("nobody reads tails here");
        }

        @Override
        public long getPos() throws IOException {
            return stream.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
            stream.seek(position);
        }

        @Override
        public int read() throws IOException {
            return stream.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return stream.read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            stream.close();
            OPEN.decrementAndGet();
        }
    }
}
