package dev.tailsampling.stream;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records of a topic in a file, for producers in several languages. Big-endian, for each: 4 bytes partition, −1 for that of
 * the key; 8 bytes timestamp in milliseconds; 2 bytes length of the key, the key; 4 bytes length of the value, the value.
 */
final class RecordFile {

    private static final int BUFFER = 1 << 20;

    /** Receives each record in turn. */
    interface Receiver {
        /** One record; the key is empty if it has none. */
        void record(int partition, long timestampMillis, byte[] key, byte[] value) throws IOException;
    }

    private RecordFile() {}

    /** Reads a file to its end. */
    static void read(Path file, Receiver receiver) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            while (true) {
                int partition;
                try {
                    partition = in.readInt();
                } catch (EOFException end) {
                    return;
                }
                long timestampMillis = in.readLong();
                byte[] key = in.readNBytes(in.readUnsignedShort());
                receiver.record(partition, timestampMillis, key, in.readNBytes(in.readInt()));
            }
        }
    }

    /** Writes records. */
    static final class Writer implements AutoCloseable {

        private final DataOutputStream out;
        private long records;

        Writer(Path file) throws IOException {
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
        }

        void write(int partition, long timestampMillis, byte[] key, byte[] value) throws IOException {
            out.writeInt(partition);
            out.writeLong(timestampMillis);
            out.writeShort(key.length);
            out.write(key);
            out.writeInt(value.length);
            out.write(value);
            records++;
        }

        long records() {
            return records;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
