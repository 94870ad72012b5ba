package dev.tailsampling.lake;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.trace.SpanField;
import java.util.List;
import java.util.Set;

/** Reads tables of which each row is a Kafka record that holds a whole message. Not thread-safe. */
final class RecordReader implements SpanReader {

    private final RowReader rows;
    private final MessageDecoder decoder;

    RecordReader(RowReader rows, BoundLayout.Records layout) {
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
        rows.forEach(file, selection, (partition, offset, timestampMillis, value, from, length) -> {
            try {
                decoder.forEach(value, from, length, span -> visitor.span(span, partition, offset, timestampMillis));
            } catch (MalformedOtlpException e) {
                visitor.undecodable(partition, offset, timestampMillis, String.valueOf(e.getMessage()));
            }
        });
    }

    /** A row that cannot be decoded became a dead letter when it was scanned; its spans before the defect were folded. */
    @Override
    public void fetch(PlannedFile file, RowSelection selection, TraceSelection traces, WholeSpanVisitor visitor) {
        rows.forEach(file, selection, (partition, offset, timestampMillis, value, from, length) -> {
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
