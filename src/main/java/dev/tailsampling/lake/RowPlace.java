package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.selector.SourceException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Accessor;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/**
 * Where the row at hand stood in Kafka and when it arrived, off rows as Iceberg reads them in its internal form.
 * Reusable; not thread-safe.
 */
final class RowPlace {

    private final TableName name;
    private final BoundLayout.RowColumns columns;
    private final @Nullable Accessor<StructLike> partitions;
    private final @Nullable Accessor<StructLike> offsets;
    private final @Nullable Accessor<StructLike> arrivals;
    private int partition;
    private long offset;
    private long timestampMillis;

    /**
     * Reads rows of a projection.
     *
     * @param projection has at least the columns of {@link #fieldIds}
     */
    RowPlace(TableName name, BoundLayout.RowColumns columns, Schema projection) {
        this.name = name;
        this.columns = columns;
        BoundLayout.Position position = columns.position();
        BoundLayout.Arrival arrival = columns.arrival();
        this.partitions = position == null ? null : projection.accessorForField(position.partition().fieldId());
        this.offsets = position == null ? null : projection.accessorForField(position.offset().fieldId());
        this.arrivals = arrival == null ? null : projection.accessorForField(arrival.column().fieldId());
    }

    /** Ids of the columns that are read. */
    static Set<Integer> fieldIds(BoundLayout.RowColumns columns) {
        Set<Integer> ids = new HashSet<>();
        BoundLayout.Position position = columns.position();
        if (position != null) {
            ids.add(position.partition().fieldId());
            ids.add(position.offset().fieldId());
        }
        BoundLayout.Arrival arrival = columns.arrival();
        if (arrival != null) {
            ids.add(arrival.column().fieldId());
        }
        return ids;
    }

    /**
     * Looks at a row.
     *
     * @throws SourceException if the row does not say where it stood or when it arrived
     */
    void read(StructLike row, PlannedFile file) {
        BoundLayout.Position position = columns.position();
        if (position != null && partitions != null && offsets != null) {
            partition = (int) value(partitions, row, position.partition(), file);
            offset = value(offsets, row, position.offset(), file);
        } else {
            partition = CommitPositions.PARTITION;
            offset = file.dataSequenceNumber();
        }
        BoundLayout.Arrival arrival = columns.arrival();
        if (arrival != null && arrivals != null) {
            EpochUnit unit = arrival.unit();
            timestampMillis = unit.toMillis(value(arrivals, row, arrival.column(), file));
        }
    }

    private long value(Accessor<StructLike> accessor, StructLike row, LeafColumn column, PlannedFile file) {
        if (!(accessor.get(row) instanceof Number number)) {
            throw withoutPlace(name, column, file);
        }
        return number.longValue();
    }

    /** The refusal of a file with a row in which such a column is null. */
    static SourceException withoutPlace(TableName name, LeafColumn column, PlannedFile file) {
        return new SourceException("table " + name + " has a row without " + column.path() + " in file " + file.path()
                + ", so it cannot be told which Kafka record it is, or when it came: AutoMQ before 1.6 leaves it "
                + "out; delete the rows in which it is null, or let AutoMQ begin the table anew");
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** When the row arrived, milliseconds since the epoch; 0 if no column says it. */
    long timestampMillis() {
        return timestampMillis;
    }
}
