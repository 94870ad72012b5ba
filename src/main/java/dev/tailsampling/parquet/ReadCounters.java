package dev.tailsampling.parquet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What reading has cost, over all files opened with it. Not thread-safe. */
public final class ReadCounters {

    private final Map<String, String> libraryReasons = new LinkedHashMap<>();
    private long bytesRead;
    private long bytesDecompressed;
    private long pagesDecoded;
    private long pagesSkipped;
    private long chunksByLibrary;

    /** Bytes asked of {@link FileBytes}, footers included. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes of pages after decompression, dictionaries included; uncompressed pages count, too. */
    public long bytesDecompressed() {
        return bytesDecompressed;
    }

    /** Data pages that were decompressed. */
    public long pagesDecoded() {
        return pagesDecoded;
    }

    /** Data pages that were passed by without decompressing them. */
    public long pagesSkipped() {
        return pagesSkipped;
    }

    /** Column chunks of which some page went through parquet-java. */
    public long chunksByLibrary() {
        return chunksByLibrary;
    }

    /** Why parquet-java was needed (an encoding, a codec) → the first file and column with this reason. */
    public Map<String, String> libraryReasons() {
        return Collections.unmodifiableMap(libraryReasons);
    }

    void read(long bytes) {
        bytesRead += bytes;
    }

    void decompressed(long bytes) {
        bytesDecompressed += bytes;
    }

    void pageDecoded() {
        pagesDecoded++;
    }

    void pageSkipped() {
        pagesSkipped++;
    }

    void chunkByLibrary(String reason, Place first) {
        chunksByLibrary++;
        libraryReasons.putIfAbsent(reason, first.text());
    }
}
