package dev.tailsampling.lake;

import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.trace.SpanField;
import java.util.List;
import java.util.Set;

/** Reads tables of which each row is a Kafka record that holds a whole message. Not thread-safe. */
final class RecordReader implements SpanReader {

    private final TableName name;
    private final BoundLayout.Records layout;
    private final RowReader rows;
    private final MessageDecoder decoder;

    RecordReader(TableName name, RowReader rows, BoundLayout.Records layout) {
        this.name = name;
        this.layout = layout;
        this.rows = rows;
        this.decoder = new MessageDecoder(layout.layout().encoding());
    }

    @Override
    public void expect(List<PlannedFile> files) {
        rows.expect(files);
    }

    @Override
    public void close() {
        rows.close();
    }

    /** The whole message is there anyway, so every field is. */
    @Override
    public void scan(PlannedFile file, Set<SpanField> fields, RowSelection selection, SpanVisitor visitor) {
        rows.scan(file, selection, (partition, offset, timestampMillis, value, from, length) -> {
            try {
                decoder.forEach(value, from, length, span -> visitor.span(span, partition, offset, timestampMillis));
            } catch (MalformedOtlpException e) {
                refuseMangled(file, value, from, length);
                visitor.undecodable(partition, offset, timestampMillis, String.valueOf(e.getMessage()));
            }
        });
    }

    /** A text column into which protobuf was written has not one readable row, and their bytes are gone. */
    private void refuseMangled(PlannedFile file, byte[] value, int from, int length) {
        if (layout.layout().encoding() == MessageEncoding.JSON && ForeignMessage.isMangled(value, from, length)) {
            throw new SourceException("table " + name + " has a message in " + layout.value().path() + " of file "
                    + file.path() + " that was protobuf before AutoMQ made it a text, which cannot be undone: set "
                    + "automq.table.topic.convert.value.type=raw and automq.table.topic.schema.type=none for the topic "
                    + "and let AutoMQ begin the table anew");
        }
    }

    /** A row that cannot be decoded became a dead letter when it was scanned; its spans before the defect were folded. */
    @Override
    public void fetch(PlannedFile file, RowSelection selection, TraceSelection traces, WholeSpanVisitor visitor) {
        rows.fetch(file, selection, (partition, offset, timestampMillis, value, from, length) -> {
            try {
                decoder.forEach(value, from, length, span -> {
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
        rows.forEachPosition(file, visitor);
    }
}
