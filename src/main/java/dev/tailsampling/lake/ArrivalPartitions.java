package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Which manifests and files can hold rows that arrived within a time, as far as partitioning by the arrival tells:
 * {@code truncate(_kafka_metadata.timestamp, N)}, {@code day(timestamp)} and their kin. A partition value that is null says
 * nothing: AutoMQ before 1.5.4 wrote null for every partition (its issue 2669).
 */
final class ArrivalPartitions {

    private final Table table;
    private final BoundLayout.@Nullable Arrival arrival;
    private final PlannedFile.Bounds millis;

    /**
     * Of a range of time.
     *
     * @param arrival the column; null if there is none, then everything may hold such rows
     */
    ArrivalPartitions(Table table, BoundLayout.@Nullable Arrival arrival, PlannedFile.Bounds millis) {
        this.table = table;
        this.arrival = arrival;
        this.millis = millis;
    }

    boolean mayBeIn(ManifestFile manifest) {
        List<ManifestFile.PartitionFieldSummary> summaries = manifest.partitions();
        if (summaries == null) {
            return true;
        }
        for (Range range : ranges(manifest.partitionSpecId())) {
            ManifestFile.PartitionFieldSummary summary = summaries.get(range.place());
            if (!summary.containsNull() && !range.overlaps(summary.lowerBound(), summary.upperBound())) {
                return false;
            }
        }
        return true;
    }

    boolean mayBeIn(DataFile file) {
        for (Range range : ranges(file.specId())) {
            Object value = file.partition().get(range.place(), Object.class);
            if (value != null && !range.contains(value)) {
                return false;
            }
        }
        return true;
    }

    private List<Range> ranges(int specId) {
        List<Range> ranges = new ArrayList<>();
        PartitionSpec spec = table.specs().get(specId);
        if (arrival != null && spec != null) {
            for (int place = 0; place < spec.fields().size(); place++) {
                PartitionField field = spec.fields().get(place);
                if (field.sourceId() == arrival.column().fieldId() && field.transform().preservesOrder()) {
                    ranges.add(range(place, field, arrival));
                }
            }
        }
        return ranges;
    }

    private Range range(int place, PartitionField field, BoundLayout.Arrival column) {
        Type type = column.column().type();
        EpochUnit unit = column.unit();
        return new Range(place, field.transform().getResultType(type),
                transformed(field, type, ofType(type, unit.firstOfMillis(millis.min()))),
                transformed(field, type, ofType(type, unit.lastOfMillis(millis.max()))));
    }

    /** The partition value of a value in the field's column. */
    @SuppressWarnings("unchecked")
    static Object transformed(PartitionField field, Type type, Object value) {
        return ((Transform<Object, Object>) field.transform()).bind(type).apply(value);
    }

    /** As Iceberg has values of a column. */
    private static Object ofType(Type type, long value) {
        if (type.typeId() == Type.TypeID.INTEGER) {
            return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        return value;
    }

    /** The partition values of the time, both inclusive. */
    private record Range(int place, Type type, Object from, Object to) {

        boolean overlaps(@Nullable ByteBuffer lower, @Nullable ByteBuffer upper) {
            return lower == null || upper == null
                    || comparator().compare(from, Conversions.fromByteBuffer(type, upper)) <= 0
                            && comparator().compare(Conversions.fromByteBuffer(type, lower), to) <= 0;
        }

        boolean contains(Object value) {
            return comparator().compare(from, value) <= 0 && comparator().compare(value, to) <= 0;
        }

        private Comparator<Object> comparator() {
            return Comparators.forType(type.asPrimitiveType());
        }
    }
}
