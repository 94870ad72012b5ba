package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.parquet.ChunkStatistics;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.RowGroup;
import dev.tailsampling.selector.SourceException;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one file that say where a row stood in Kafka and when it arrived.
 *
 * @param name the table
 * @param partition Kafka partition; null if the table does not say it
 * @param offset Kafka offset; null if the table does not say it
 * @param arrival null if the table does not say it
 */
record PositionLeaves(TableName name, @Nullable Column partition, @Nullable Column offset, @Nullable Column arrival) {

    /**
     * One of them.
     *
     * @param unit of a time
     */
    record Column(Leaf leaf, LeafColumn of, EpochUnit unit) {}

    /**
     * Finds them.
     *
     * @throws SourceException if the table has such a column and the file has not
     */
    static PositionLeaves of(TableName name, BoundLayout.RowColumns row, PlannedFile file, FileLeaves leaves) {
        BoundLayout.Position position = row.position();
        BoundLayout.Arrival arrival = row.arrival();
        return new PositionLeaves(name,
                position == null ? null : column(name, position.partition(), EpochUnit.MS, file, leaves),
                position == null ? null : column(name, position.offset(), EpochUnit.MS, file, leaves),
                arrival == null ? null : column(name, arrival.column(), arrival.unit(), file, leaves));
    }

    private static Column column(TableName name, LeafColumn column, EpochUnit unit, PlannedFile file,
            FileLeaves leaves) {
        Leaf leaf = leaves.of(column.fieldId());
        if (leaf == null) {
            throw RowPlace.withoutPlace(name, column, file);
        }
        return new Column(leaf, column, NumberColumn.unit(leaf, unit));
    }

    /** Without the arrival, for whoever does not need it. */
    PositionLeaves withoutArrival() {
        return new PositionLeaves(name, partition, offset, null);
    }

    /** Which Kafka partitions the rows of a row group may be of. */
    PlannedFile.Bounds partitions(RowGroup group) {
        return bounds(partition, group);
    }

    /** Which Kafka offsets they may have, over all its partitions together. */
    PlannedFile.Bounds offsets(RowGroup group) {
        return bounds(offset, group);
    }

    private static PlannedFile.Bounds bounds(@Nullable Column column, RowGroup group) {
        ChunkStatistics statistics = column == null ? null : group.statistics(column.leaf());
        return statistics != null && statistics.bounds() instanceof ChunkStatistics.LongBounds bounds
                ? new PlannedFile.Bounds(bounds.min(), bounds.max())
                : PlannedFile.Bounds.UNKNOWN;
    }

    SourceException missing(@Nullable Column column, PlannedFile file) {
        return RowPlace.withoutPlace(name, Objects.requireNonNull(column).of(), file);
    }

    /** Those that there are. */
    Collection<Leaf> leaves() {
        return Stream.of(partition, offset, arrival).filter(Objects::nonNull).map(Column::leaf).toList();
    }
}
