package dev.tailsampling.lake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.iceberg.Accessor;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a data file whose rows are messages. Not thread-safe. */
final class RowReader {

    /** Receives rows in the order of the file. */
    @FunctionalInterface
    interface RowVisitor {
        /**
         * One row.
         *
         * @param value holds the message; valid only during the call, to be left unchanged
         * @param from where it begins
         * @param length its size in bytes; 0 for a tombstone
         */
        void row(int partition, long offset, long timestampMillis, byte[] value, int from, int length);
    }

    private static final byte[] NOTHING = {};

    private final TableName name;
    private final BoundLayout.Records layout;
    private final RowFiles rows;
    private final RowFiles positions;

    RowReader(TableName name, Table table, BoundLayout.Records layout) {
        this.name = name;
        this.layout = layout;
        Set<Integer> ids = RowPlace.fieldIds(layout.row());
        this.positions = new RowFiles(table, ids);
        ids.add(layout.value().fieldId());
        this.rows = new RowFiles(table, ids);
    }

    /** Visits all rows. */
    void forEach(PlannedFile file, RowVisitor visitor) {
        RowPlace place = new RowPlace(name, layout.row(), rows.projection());
        Accessor<StructLike> values = rows.projection().accessorForField(layout.value().fieldId());
        rows.forEach(file, row -> {
            place.read(row, file);
            Object value = values.get(row);
            if (value instanceof ByteBuffer buffer) {
                visitor.row(place.partition(), place.offset(), place.timestampMillis(), buffer.array(),
                        buffer.arrayOffset() + buffer.position(), buffer.remaining());
            } else {
                byte[] text = utf8(value);
                visitor.row(place.partition(), place.offset(), place.timestampMillis(), text, 0, text.length);
            }
        });
    }

    /** Visits the positions of all rows, without reading their values. */
    void forEachPosition(PlannedFile file, SpanReader.PositionVisitor visitor) {
        RowPlace place = new RowPlace(name, layout.row(), positions.projection());
        positions.forEach(file, row -> {
            place.read(row, file);
            visitor.row(place.partition(), place.offset());
        });
    }

    private static byte[] utf8(@Nullable Object value) {
        return value == null ? NOTHING : value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
