package dev.tailsampling.parquet;

/** Counts a column chunk once for which parquet-java was needed. */
final class LibraryUse {

    private final ReadCounters counters;
    private final Place place;
    private boolean counted;

    LibraryUse(ReadCounters counters, Place place) {
        this.counters = counters;
        this.place = place;
    }

    void because(String reason) {
        if (!counted) {
            counters.chunkByLibrary(reason, place);
            counted = true;
        }
    }
}
