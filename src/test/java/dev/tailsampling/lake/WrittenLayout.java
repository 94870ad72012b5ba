package dev.tailsampling.lake;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;

/** Tables of one layout, written as those who write such tables do. */
interface WrittenLayout {

    /** Name of the layout that such a table is of. */
    String name();

    /** The table's columns. */
    Schema schema();

    /** The rows that a Kafka record becomes. Its value is OTLP protobuf. */
    List<Record> rows(KafkaMessage message, long offset);

    /** What such a table can hold of a request; all of it unless this says otherwise. */
    default ExportTraceServiceRequest kept(ExportTraceServiceRequest request) {
        return request;
    }

    /** Whether such a table says when a Kafka record arrived. */
    default boolean keepsArrival() {
        return true;
    }
}
