package dev.tailsampling.selector;

import java.util.Locale;

/** What a cycle counts. The identities between the counts stand in {@link CycleReport}. */
public enum CycleMetric {
    CYCLES(Kind.COUNT, "cycles", "Cycles in this report"),
    FILES_READ(Kind.COUNT, "files", "Data files opened for scanning"),
    BYTES_READ(Kind.COUNT, "bytes", "Size of the data files opened for scanning"),
    FILES_UNREADABLE(Kind.COUNT, "files",
            "Data files that are damaged: what they held was left out, see unreadable_files of the state database"),
    BYTES_FROM_STORAGE(Kind.COUNT, "bytes", "Bytes asked of the disk or the object store, for fetching, too"),
    BYTES_COMMITTED(Kind.COUNT, "bytes", "Decompressed size of all columns of the files opened for scanning"),
    BYTES_DECOMPRESSED(Kind.COUNT, "bytes",
            "Decompressed size of the pages that were read, for fetching, too: by bytes_committed the read amplification"),
    PAGES_SKIPPED(Kind.COUNT, "pages", "Pages left compressed, as nothing wanted was in them"),
    CHUNKS_BY_LIBRARY(Kind.COUNT, "chunks",
            "Column chunks in an encoding or codec that only the general library reads, slowly"),
    ROWS_READ(Kind.COUNT, "rows", "Table rows (Kafka records) read, undecodable ones included"),
    ROWS_DUPLICATE(Kind.COUNT, "rows", "Rows skipped because their (partition, offset) had been read before"),
    ROWS_UNDECODABLE(Kind.COUNT, "rows", "Rows whose value is not trace data; they are dead letters now"),
    ROWS_PENDING(Kind.LAST, "rows",
            "Rows that were in the table when the cycle read it and are left for the next ones, at most"),
    TRACES_OPENED(Kind.COUNT, "traces",
            "Traces of which the first span was read; one of which spans come late is opened once more for them"),
    TRACES_OPEN_BEFORE(Kind.FIRST, "traces", "Traces open at the beginning"),
    SPANS_READ(Kind.COUNT, "spans", "Spans folded into open traces"),
    SPANS_DUPLICATE(Kind.COUNT, "spans",
            "Spans of open traces that came again (same trace, id, kind and start) and were left out"),
    TRACES_COMPLETED(Kind.COUNT, "traces",
            "Traces that became complete: the sum of the sampled, not sampled, dropped and late ones"),
    TRACES_SAMPLED(Kind.COUNT, "traces", "Traces decided SAMPLED"),
    TRACES_NOT_SAMPLED(Kind.COUNT, "traces", "Traces decided NOT_SAMPLED"),
    TRACES_DROPPED(Kind.COUNT, "traces", "Traces decided DROPPED"),
    TRACES_FORCE_SAMPLED(Kind.COUNT, "traces", "Traces among the sampled ones that a force rule kept"),
    TRACES_FORCE_DROPPED(Kind.COUNT, "traces", "Traces among the dropped ones that a force rule dropped"),
    TRACES_LATE(Kind.COUNT, "traces", "Groups of spans that came after their trace's decision, and followed it"),
    TRACES_OPEN(Kind.LAST, "traces", "Traces still open at the end"),
    TRACES_HANDED_OVER(Kind.COUNT, "traces",
            "Open traces whose spans were left to the topic and its table, since they lasted long or had no room"),
    TRACES_FORCED(Kind.COUNT, "traces", "Traces that were decided early since memory for open traces was full"),
    SPANS_SAMPLED(Kind.COUNT, "spans", "Spans of traces decided SAMPLED"),
    SPANS_NOT_SAMPLED(Kind.COUNT, "spans", "Spans of traces decided NOT_SAMPLED"),
    SPANS_DROPPED(Kind.COUNT, "spans", "Spans of traces decided DROPPED"),
    SPANS_LATE(Kind.COUNT, "spans", "Spans that came after their trace's decision"),
    SPANS_OPEN_BEFORE(Kind.FIRST, "spans", "Spans of open traces at the beginning"),
    SPANS_OPEN_AFTER(Kind.LAST, "spans", "Spans of open traces at the end"),
    SPANS_EXPORTED(Kind.COUNT, "spans", "Spans that the exporters took, late spans of sampled traces included"),
    SPANS_REFUSED(Kind.COUNT, "spans", "Spans that a destination refused for good"),
    SPANS_MALFORMED_TRACESTATE(Kind.COUNT, "spans",
            "Spans on their way to the exporters whose tracestate was malformed and so left as it is"),
    SPANS_UNCONFIRMED(Kind.COUNT, "spans",
            "Spans whose export has an unknown outcome, or was put off because of one; they are exported again"),
    SPANS_FROM_MEMORY(Kind.COUNT, "spans", "Spans to be exported that were still in memory"),
    BYTES_FROM_MEMORY(Kind.COUNT, "bytes",
            "Size as OTLP of the exported spans that were in memory, resources and scopes included"),
    SPANS_FETCHED(Kind.COUNT, "spans", "Spans to be exported that were read from the table again"),
    BYTES_FETCHED(Kind.COUNT, "bytes",
            "Size as OTLP of the exported spans that were read again, resources and scopes included"),
    /** As many at the least: a duplicate that was stored but not counted makes up for a span that is gone. */
    SPANS_MISSING(Kind.COUNT, "spans", "Spans of kept traces that could not be found again"),
    SPANS_CACHED(Kind.LAST, "spans", "Spans of open traces in memory at the end"),
    SPANS_EVICTED(Kind.COUNT, "spans", "Spans of open traces given up because the memory for them was full"),
    CACHE_BYTES(Kind.LAST, "bytes", "Memory held for spans of open traces, free room in it included"),
    EXPORTS_UNCONFIRMED(Kind.LAST, "cycles", "Cycles whose export is still to be confirmed"),
    READ_MILLIS(Kind.COUNT, "milliseconds", "Time spent reading and folding"),
    DECIDE_MILLIS(Kind.COUNT, "milliseconds", "Time spent deciding and recording"),
    EXPORT_MILLIS(Kind.COUNT, "milliseconds", "Time spent fetching and exporting");

    /** How the value of several cycles follows from the values of each. */
    public enum Kind {
        /** They add up. */
        COUNT,
        /** A state before: the first one's. */
        FIRST,
        /** A state after: the last one's. */
        LAST
    }

    private final Kind kind;
    private final String unit;
    private final String description;

    CycleMetric(Kind kind, String unit, String description) {
        this.kind = kind;
        this.unit = unit;
        this.description = description;
    }

    /** Name in reports: lower case with underscores. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How values combine. */
    public Kind kind() {
        return kind;
    }

    /** Unit of the value. */
    public String unit() {
        return unit;
    }

    /** One line for people. */
    public String description() {
        return description;
    }
}
