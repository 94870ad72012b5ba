package dev.tailsampling.lake;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types.ListType;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.MapType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;

/**
 * A table with a row for each span, in the columns of the Collector's ClickHouse exporter and their order. Times are
 * nanoseconds since the epoch as long, since Iceberg's timestamps before format version 3 would cut them off.
 */
final class SpanTableSchema {

    static final String TIMESTAMP = "Timestamp";
    static final String TRACE_ID = "TraceId";
    static final String SPAN_ID = "SpanId";
    static final String PARENT_SPAN_ID = "ParentSpanId";
    static final String TRACE_STATE = "TraceState";
    static final String SPAN_NAME = "SpanName";
    static final String SPAN_KIND = "SpanKind";
    static final String SERVICE_NAME = "ServiceName";
    static final String RESOURCE_ATTRIBUTES = "ResourceAttributes";
    static final String SCOPE_NAME = "ScopeName";
    static final String SCOPE_VERSION = "ScopeVersion";
    static final String SPAN_ATTRIBUTES = "SpanAttributes";
    static final String DURATION = "Duration";
    static final String STATUS_CODE = "StatusCode";
    static final String STATUS_MESSAGE = "StatusMessage";
    static final String EVENT_TIMESTAMPS = "Events.Timestamp";
    static final String EVENT_NAMES = "Events.Name";
    static final String EVENT_ATTRIBUTES = "Events.Attributes";
    static final String LINK_TRACE_IDS = "Links.TraceId";
    static final String LINK_SPAN_IDS = "Links.SpanId";
    static final String LINK_TRACE_STATES = "Links.TraceState";
    static final String LINK_ATTRIBUTES = "Links.Attributes";

    static final Schema SCHEMA = new Schema(List.of(
            NestedField.optional(1, TIMESTAMP, LongType.get(), "Start, nanoseconds since the epoch"),
            NestedField.optional(2, TRACE_ID, StringType.get()),
            NestedField.optional(3, SPAN_ID, StringType.get()),
            NestedField.optional(4, PARENT_SPAN_ID, StringType.get()),
            NestedField.optional(5, TRACE_STATE, StringType.get()),
            NestedField.optional(6, SPAN_NAME, StringType.get()),
            NestedField.optional(7, SPAN_KIND, StringType.get()),
            NestedField.optional(8, SERVICE_NAME, StringType.get()),
            NestedField.optional(9, RESOURCE_ATTRIBUTES, texts(23)),
            NestedField.optional(10, SCOPE_NAME, StringType.get()),
            NestedField.optional(11, SCOPE_VERSION, StringType.get()),
            NestedField.optional(12, SPAN_ATTRIBUTES, texts(25)),
            NestedField.optional(13, DURATION, LongType.get(), "Nanoseconds"),
            NestedField.optional(14, STATUS_CODE, StringType.get()),
            NestedField.optional(15, STATUS_MESSAGE, StringType.get()),
            NestedField.optional(16, EVENT_TIMESTAMPS, ListType.ofRequired(27, LongType.get())),
            NestedField.optional(17, EVENT_NAMES, ListType.ofRequired(28, StringType.get())),
            NestedField.optional(18, EVENT_ATTRIBUTES, ListType.ofRequired(29, texts(30))),
            NestedField.optional(19, LINK_TRACE_IDS, ListType.ofRequired(32, StringType.get())),
            NestedField.optional(20, LINK_SPAN_IDS, ListType.ofRequired(33, StringType.get())),
            NestedField.optional(21, LINK_TRACE_STATES, ListType.ofRequired(34, StringType.get())),
            NestedField.optional(22, LINK_ATTRIBUTES, ListType.ofRequired(35, texts(36)))));

    static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.PARQUET_COMPRESSION, "zstd",
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");

    private SpanTableSchema() {}

    private static MapType texts(int keyId) {
        return MapType.ofRequired(keyId, keyId + 1, StringType.get(), StringType.get());
    }
}
