package dev.tailsampling.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/** A file in memory, for our reader and for parquet-java's. */
final class MemoryFile implements FileBytes, InputFile {

    private final byte[] bytes;

    MemoryFile(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int length) {
        if (position < 0 || length < 0 || position + length > bytes.length) {
            throw new AssertionError("reads " + length + " bytes at " + position + " of " + bytes.length);
        }
        System.arraycopy(bytes, (int) position, into, offset, length);
    }

    @Override
    public long getLength() {
        return bytes.length;
    }

    @Override
    public SeekableInputStream newStream() {
        return new MemoryStream(new Positioned(bytes));
    }

    private static final class Positioned extends ByteArrayInputStream {
        Positioned(byte[] bytes) {
            super(bytes);
        }

        int position() {
            return pos;
        }

        void seek(long position) {
            pos = (int) position;
        }
    }

    private static final class MemoryStream extends DelegatingSeekableInputStream {
        private final Positioned stream;

        MemoryStream(Positioned stream) {
            super(stream);
            this.stream = stream;
        }

        @Override
        public long getPos() {
            return stream.position();
        }

        @Override
        public void seek(long position) {
            stream.seek(position);
        }
    }

    /** Where parquet-java writes. */
    static final class Output implements OutputFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        MemoryFile file() {
            return new MemoryFile(bytes.toByteArray());
        }

        @Override
        public PositionOutputStream create(long blockSize) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes.size();
                }

                @Override
                public void write(int octet) {
                    bytes.write(octet);
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                    bytes.write(from, offset, length);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    /** An action of parquet-java's on a file in memory, which cannot fail but by a defect. */
    interface Action<T> {
        T run() throws IOException;
    }

    static <T> T unchecked(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
