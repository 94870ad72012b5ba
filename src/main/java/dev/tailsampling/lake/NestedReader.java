package dev.tailsampling.lake;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpRecord;
import dev.tailsampling.otlp.OtlpRecordEncoder;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.SpanField;
import java.util.Set;
import org.apache.iceberg.Accessor;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables of which each row is a Kafka record whose message is spread over nested columns: the message is put
 * together again, and then read like any other. Not thread-safe.
 */
final class NestedReader implements SpanReader {

    private final TableName name;
    private final BoundLayout.Nested layout;
    private final RowFiles rows;
    private final RowFiles positions;
    private final OtlpRecordEncoder encoder = new OtlpRecordEncoder();
    private final OtlpSpans spans = new OtlpSpans();

    NestedReader(TableName name, Table table, BoundLayout.Nested layout) {
        this.name = name;
        this.layout = layout;
        Set<Integer> ids = RowPlace.fieldIds(layout.row());
        this.positions = new RowFiles(table, ids);
        ids.add(layout.resourceSpans().fieldId());
        this.rows = new RowFiles(table, ids);
    }

    @Override
    public void scan(PlannedFile file, Set<SpanField> fields, RowSelection selection, SpanVisitor visitor) {
        forEach(file, selection, (place, resourceSpans) -> {
            int partition = place.partition();
            long offset = place.offset();
            long timestampMillis = place.timestampMillis();
            try {
                decode(resourceSpans, span -> visitor.span(span, partition, offset, timestampMillis));
            } catch (MalformedOtlpException e) {
                visitor.undecodable(partition, offset, timestampMillis, String.valueOf(e.getMessage()));
            }
        });
    }

    /** A row that cannot be decoded became a dead letter when it was scanned; its spans before the defect were folded. */
    @Override
    public void fetch(PlannedFile file, RowSelection selection, TraceSelection traces, WholeSpanVisitor visitor) {
        forEach(file, selection, (place, resourceSpans) -> {
            long timestampMillis = place.timestampMillis();
            try {
                decode(resourceSpans, span -> {
                    if (traces.selects(span.traceIdHigh(), span.traceIdLow(), timestampMillis)) {
                        visitor.span(span, timestampMillis);
                    }
                });
            } catch (MalformedOtlpException e) {
                // Its spans before the defect belong to the trace.
            }
        });
    }

    @Override
    public void positions(PlannedFile file, PositionVisitor visitor) {
        RowPlace place = new RowPlace(name, layout.row(), positions.projection());
        positions.forEach(file, row -> {
            place.read(row, file);
            visitor.row(place.partition(), place.offset());
        });
    }

    /** One selected row. */
    @FunctionalInterface
    private interface RowAction {
        void row(RowPlace place, @Nullable Object resourceSpans);
    }

    private void forEach(PlannedFile file, RowSelection selection, RowAction action) {
        RowPlace place = new RowPlace(name, layout.row(), rows.projection());
        Accessor<StructLike> column = rows.projection().accessorForField(layout.resourceSpans().fieldId());
        rows.forEach(file, row -> {
            place.read(row, file);
            if (selection.selects(place.partition(), place.offset(), place.timestampMillis())) {
                action.row(place, NestedValue.of(column.get(row)));
            }
        });
    }

    private void decode(@Nullable Object resourceSpans, OtlpSpans.Visitor visitor) {
        OtlpRecord request = field -> resourceSpans;
        byte[] message = encoder.encode(request);
        spans.forEach(message, 0, message.length, visitor);
    }
}
