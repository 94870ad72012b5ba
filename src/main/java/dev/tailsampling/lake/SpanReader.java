package dev.tailsampling.lake;

import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.List;
import java.util.Set;

/**
 * Reads the spans of a table's data files, whatever the table's layout. A row has a position: its Kafka partition and
 * offset, or what stands for them. Not thread-safe.
 */
interface SpanReader extends AutoCloseable {

    /** Which rows are read. */
    @FunctionalInterface
    interface RowSelection {
        /** Asked once for each row, in the order of the file, before the row's spans are looked at. */
        boolean selects(int partition, long offset, long timestampMillis);

        /**
         * Whether some row between these bounds may be selected. Where the answer is no, a part of a file can be passed
         * over, and its rows are not asked for.
         */
        default boolean maySelect(PlannedFile.Bounds partitions, PlannedFile.Bounds offsets) {
            return true;
        }
    }

    /** Which traces are read. */
    @FunctionalInterface
    interface TraceSelection {
        /** Asked for each span of a selected row. */
        boolean selects(long traceIdHigh, long traceIdLow, long timestampMillis);

        /** Whether spans of this trace are selected at all; asked first where rows hold one span each. */
        default boolean mayHave(long traceIdHigh, long traceIdLow) {
            return true;
        }
    }

    /** Receives spans to be folded. */
    interface SpanVisitor {
        /** One span; the view is valid only during the call, and has the fields that were asked for. */
        void span(SpanView span, int partition, long offset, long timestampMillis);

        /** A selected row that holds no trace data; its spans before the defect have been visited. */
        void undecodable(int partition, long offset, long timestampMillis, String reason);
    }

    /** Receives spans to be exported. */
    @FunctionalInterface
    interface WholeSpanVisitor {
        /** One span; the view is valid only during the call. */
        void span(WireSpan span, long timestampMillis);
    }

    /** Receives where each row stood in Kafka. */
    @FunctionalInterface
    interface PositionVisitor {
        /** One row. */
        void row(int partition, long offset);
    }

    /** These files will be scanned or fetched from next, in this order, so their bytes may be loaded ahead. */
    default void expect(List<PlannedFile> files) {}

    /** Visits the spans of the selected rows. */
    void scan(PlannedFile file, Set<SpanField> fields, RowSelection rows, SpanVisitor visitor);

    /** Visits the selected traces' spans in the selected rows, whole. What cannot be decoded is left out. */
    void fetch(PlannedFile file, RowSelection rows, TraceSelection traces, WholeSpanVisitor visitor);

    /** Visits the positions of all rows, without reading anything else of them. */
    void positions(PlannedFile file, PositionVisitor visitor);

    /** Lets go of what was loaded ahead. */
    @Override
    default void close() {}
}
