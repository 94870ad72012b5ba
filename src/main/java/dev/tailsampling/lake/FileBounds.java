package dev.tailsampling.lake;

import dev.tailsampling.lake.PlannedFile.Bounds;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TimeColumn;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** What the bounds of a file's columns tell about its rows. Immutable. */
record FileBounds(BoundLayout layout) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Kafka partitions. */
    Bounds partitions(DataFile file) {
        BoundLayout.Position position = layout.row().position();
        return of(file, position == null ? null : position.partition());
    }

    /** Kafka offsets. */
    Bounds offsets(DataFile file) {
        BoundLayout.Position position = layout.row().position();
        return of(file, position == null ? null : position.offset());
    }

    /** When rows arrived, milliseconds since the epoch. */
    Bounds arrivals(DataFile file) {
        BoundLayout.Arrival arrival = layout.row().arrival();
        if (arrival == null) {
            return layout instanceof BoundLayout.Spans spans ? ends(file, spans) : Bounds.UNKNOWN;
        }
        Bounds bounds = of(file, arrival.column());
        return bounds.equals(Bounds.UNKNOWN) || mayArriveOtherwise(file, arrival)
                ? Bounds.UNKNOWN
                : new Bounds(arrival.unit().toMillis(bounds.min()), arrival.unit().toMillis(bounds.max()));
    }

    /** Whether a row may be without this column, so that it arrived when its span ended. */
    private boolean mayArriveOtherwise(DataFile file, BoundLayout.Arrival arrival) {
        return layout instanceof BoundLayout.Spans && hasNulls(file, arrival.column().fieldId());
    }

    /** Rows that do not say when they arrived did so when their span ended. */
    private static Bounds ends(DataFile file, BoundLayout.Spans layout) {
        SpanColumns.Times times = layout.columns().times();
        Bounds ends = nanos(file, layout, times.end());
        if (ends.equals(Bounds.UNKNOWN)) {
            Bounds starts = nanos(file, layout, times.start());
            Bounds durations = nanos(file, layout, times.duration());
            ends = starts.equals(Bounds.UNKNOWN) || durations.equals(Bounds.UNKNOWN)
                    ? Bounds.UNKNOWN
                    : new Bounds(starts.min() + durations.min(), starts.max() + durations.max());
        }
        boolean known = !ends.equals(Bounds.UNKNOWN) && ends.min() <= ends.max();
        return known
                ? new Bounds(Math.floorDiv(ends.min(), NANOS_PER_MILLI), Math.floorDiv(ends.max(), NANOS_PER_MILLI))
                : Bounds.UNKNOWN;
    }

    /** Unknown, too, where some row may have no time, for which another column then stands. */
    private static Bounds nanos(DataFile file, BoundLayout.Spans layout, @Nullable TimeColumn time) {
        NestedField field = time == null ? null : layout.schema().findField(time.column());
        if (time == null || field == null || hasNulls(file, field.fieldId())) {
            return Bounds.UNKNOWN;
        }
        Bounds bounds = of(file, new LeafColumn(field.fieldId(), time.column(), field.type()));
        boolean mayBeZero = bounds.overlap(0, 0) && !time.equals(layout.columns().times().duration());
        EpochUnit unit = EpochUnit.of(SchemaColumns.typeOf(field.type()), time.unit());
        return bounds.equals(Bounds.UNKNOWN) || mayBeZero
                ? Bounds.UNKNOWN
                : new Bounds(unit.toNanos(bounds.min()), unit.toNanos(bounds.max()));
    }

    private static boolean hasNulls(DataFile file, int fieldId) {
        Map<Integer, Long> nulls = file.nullValueCounts();
        return nulls == null || nulls.getOrDefault(fieldId, Long.MAX_VALUE) != 0;
    }

    private static Bounds of(DataFile file, @Nullable LeafColumn column) {
        if (column == null) {
            return Bounds.UNKNOWN;
        }
        Number min = bound(file.lowerBounds(), column);
        Number max = bound(file.upperBounds(), column);
        return min == null || max == null ? Bounds.UNKNOWN : new Bounds(min.longValue(), max.longValue());
    }

    /** A bound keeps the size that the column had when the file was written. */
    private static @Nullable Number bound(@Nullable Map<Integer, ByteBuffer> bounds, LeafColumn column) {
        ByteBuffer value = bounds == null ? null : bounds.get(column.fieldId());
        return value == null ? null : Conversions.fromByteBuffer(column.type(), value);
    }
}
