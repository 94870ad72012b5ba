package dev.tailsampling.parquet;

/** Random access to the bytes of one file. Failures of the storage are {@link java.io.UncheckedIOException}. */
public interface FileBytes {

    /** Names the file in messages. */
    String location();

    /** Size of the file in bytes. */
    long length();

    /**
     * Reads {@code length} bytes; the range lies within the file.
     *
     * @param position of the first byte, from the beginning of the file
     */
    void readFully(long position, byte[] into, int offset, int length);
}
