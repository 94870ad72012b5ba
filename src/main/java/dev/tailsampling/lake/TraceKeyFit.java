package dev.tailsampling.lake;

import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file fits the traces that are looked for, as far as bounds of their key and partitioning by it tell:
 * {@code bucket(_kafka_key, N)}, {@code bucket(trace_id, N)}, {@code truncate(trace_id, N)} and their kin. A partition
 * value that is null says nothing, as in {@link ArrivalPartitions}. Not thread-safe.
 */
final class TraceKeyFit {

    /** How a file fits. */
    enum Fit {
        /** It has none of the traces. */
        IMPOSSIBLE,
        /** It has some only if their keys are none of theirs, or their ids are written in an unusual way. */
        UNLIKELY,
        /** It may have some. */
        LIKELY
    }

    private final Table table;
    private final BoundLayout.@Nullable TraceKey key;
    private final List<TraceSpellings> traces;
    private final Map<PartitionField, Set<Object>> partitions = new HashMap<>();

    /**
     * Of these traces.
     *
     * @param key the column; null if there is none, then every file fits
     * @param ids the traces; if none are named, every file fits
     */
    TraceKeyFit(Table table, BoundLayout.@Nullable TraceKey key, List<TraceId> ids) {
        this.table = table;
        this.key = key;
        this.traces = key == null ? List.of() : ids.stream().map(id -> new TraceSpellings(id, key)).toList();
    }

    /** How a file fits; it is valid during the call only. */
    Fit of(DataFile file) {
        if (key == null || traces.isEmpty()) {
            return Fit.LIKELY;
        }
        LeafColumn column = key.column();
        if (!boundsFit(file, column)) {
            return key.isTraceId() ? Fit.IMPOSSIBLE : Fit.UNLIKELY;
        }
        if (!partitionsFit(file, column)) {
            // A text has too many spellings, in either case, to hash them all.
            boolean certain = key.isTraceId() && column.type().typeId() != Type.TypeID.STRING;
            return certain ? Fit.IMPOSSIBLE : Fit.UNLIKELY;
        }
        return Fit.LIKELY;
    }

    /** Iceberg cuts long bounds off, lower ones as they are and upper ones rounded up, so they stay bounds. */
    private boolean boundsFit(DataFile file, LeafColumn column) {
        byte[] lower = bound(file.lowerBounds(), column);
        byte[] upper = bound(file.upperBounds(), column);
        return lower == null || upper == null || traces.stream().anyMatch(trace -> trace.mayLieWithin(lower, upper));
    }

    private static byte @Nullable [] bound(@Nullable Map<Integer, ByteBuffer> bounds, LeafColumn column) {
        ByteBuffer value = bounds == null ? null : bounds.get(column.fieldId());
        return value == null ? null : ByteBuffers.toByteArray(value);
    }

    private boolean partitionsFit(DataFile file, LeafColumn column) {
        PartitionSpec spec = table.specs().get(file.specId());
        List<PartitionField> fields = spec == null ? List.of() : spec.fields();
        for (int place = 0; place < fields.size(); place++) {
            PartitionField field = fields.get(place);
            Object value = field.sourceId() == column.fieldId() && isKnown(field.transform(), column.type())
                    ? file.partition().get(place, Object.class)
                    : null;
            if (value != null && !partitions(field, column).contains(comparable(value))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the value itself, what it begins with, or a hash of it, and not one of a later version of Iceberg. */
    private static boolean isKnown(Transform<?, ?> transform, Type type) {
        return transform.preservesOrder() || transform.getResultType(type).typeId() == Type.TypeID.INTEGER;
    }

    /** The partition values that the traces' keys have if they are written as usual. */
    private Set<Object> partitions(PartitionField field, LeafColumn column) {
        return partitions.computeIfAbsent(field, unseen -> {
            Set<Object> values = new HashSet<>();
            traces.forEach(trace -> trace.usual().forEach(key -> values
                    .add(comparable(ArrivalPartitions.transformed(field, column.type(), key)))));
            return values;
        });
    }

    /** Texts that are equal need not be equal as character sequences. */
    private static Object comparable(Object value) {
        return value instanceof CharSequence text ? text.toString() : value;
    }
}
