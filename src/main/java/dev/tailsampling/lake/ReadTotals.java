package dev.tailsampling.lake;

import dev.tailsampling.parquet.ReadCounters;
import dev.tailsampling.selector.ReadStats;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What reading a table has cost so far. Not thread-safe. */
final class ReadTotals {

    private static final Logger LOG = LoggerFactory.getLogger(ReadTotals.class);

    private final Set<String> reasons = new HashSet<>();
    private long bytesFromStorage;
    private long bytesDecompressed;
    private long bytesCommitted;
    private long pagesSkipped;
    private long chunksByLibrary;

    /** A file was read. */
    void add(ReadCounters counters) {
        bytesFromStorage += counters.bytesRead();
        bytesDecompressed += counters.bytesDecompressed();
        pagesSkipped += counters.pagesSkipped();
        chunksByLibrary += counters.chunksByLibrary();
        counters.libraryReasons().forEach((reason, place) -> {
            if (reasons.add(reason)) {
                LOG.info("read by the general library, slowly, because of {}: first {}", reason, place);
            }
        });
    }

    /** A new file has columns of this size, decompressed. */
    void committed(long bytes) {
        bytesCommitted += bytes;
    }

    ReadStats stats() {
        return new ReadStats(bytesFromStorage, bytesDecompressed, bytesCommitted, pagesSkipped, chunksByLibrary);
    }
}
