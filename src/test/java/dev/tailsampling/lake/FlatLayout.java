package dev.tailsampling.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** Tables in which a row is a span, after those that others write. */
final class FlatLayout implements WrittenLayout {

    /** Text ids, names of enums, maps of texts, lists side by side, nanoseconds. */
    static final FlatLayout CLICKHOUSE = new FlatLayout(Kind.CLICKHOUSE);
    /** The same with other names. */
    static final FlatLayout OTLP2PARQUET = new FlatLayout(Kind.OTLP2PARQUET);
    /** JSON. */
    static final FlatLayout ROTEL = new FlatLayout(Kind.ROTEL);
    /** Ids in bytes, numbers of enums, lists of structs, microseconds. */
    static final FlatLayout ICEGATE = new FlatLayout(Kind.ICEGATE);

    static List<FlatLayout> all() {
        return List.of(CLICKHOUSE, OTLP2PARQUET, ROTEL, ICEGATE);
    }

    private enum Kind {
        CLICKHOUSE, OTLP2PARQUET, ROTEL, ICEGATE
    }

    private static final String SERVICE_NAME = "service.name";

    private final Kind kind;
    private final List<NestedField> fields = new ArrayList<>();
    private int lastId;
    private final Schema schema;

    private FlatLayout(Kind kind) {
        this.kind = kind;
        switch (kind) {
            case ROTEL -> rotelColumns();
            case ICEGATE -> icegateColumns();
            case CLICKHOUSE, OTLP2PARQUET -> clickhouseColumns();
        }
        this.schema = new Schema(fields);
    }

    private FlatLayout add(String name, Type type) {
        fields.add(optional(++lastId, name, type));
        return this;
    }

    private FlatLayout texts(String... names) {
        for (String name : names) {
            add(name, Types.StringType.get());
        }
        return this;
    }

    private Type map() {
        lastId += 2;
        return Types.MapType.ofOptional(lastId - 1, lastId, Types.StringType.get(), Types.StringType.get());
    }

    private Type list(Type element) {
        return Types.ListType.ofOptional(++lastId, element);
    }

    private String nested(String list, String name) {
        return list + (kind == Kind.OTLP2PARQUET ? "_" : ".") + name;
    }

    private void clickhouseColumns() {
        add("Timestamp", Types.LongType.get());
        texts("TraceId", "SpanId", "ParentSpanId", "TraceState", "SpanName", "SpanKind", "ServiceName");
        add("ResourceAttributes", map()).texts("ScopeName", "ScopeVersion").add("SpanAttributes", map());
        add("Duration", Types.LongType.get()).texts("StatusCode", "StatusMessage");
        add(nested("Events", "Timestamp"), list(Types.LongType.get()));
        add(nested("Events", "Name"), list(Types.StringType.get()));
        add(nested("Events", "Attributes"), list(map()));
        add(nested("Links", "TraceId"), list(Types.StringType.get()));
        add(nested("Links", "SpanId"), list(Types.StringType.get()));
        add(nested("Links", "TraceState"), list(Types.StringType.get()));
        add(nested("Links", "Attributes"), list(map()));
    }

    private void rotelColumns() {
        add("timestamp", Types.LongType.get());
        texts("trace_id", "span_id", "parent_span_id", "trace_state", "span_name", "span_kind", "service_name",
                "resource_attributes", "scope_name", "scope_version", "span_attributes", "status_code",
                "status_message");
        add("duration", Types.LongType.get());
        add("events_timestamp", list(Types.LongType.get()));
        for (String name : List.of("events_name", "events_attributes", "links_trace_id", "links_span_id",
                "links_trace_state", "links_attributes")) {
            add(name, list(Types.StringType.get()));
        }
    }

    private void icegateColumns() {
        add("trace_id", Types.FixedType.ofLength(16)).add("span_id", Types.BinaryType.get());
        add("parent_span_id", Types.BinaryType.get()).texts("trace_state", "name", "status_message", "service_name");
        add("kind", Types.IntegerType.get()).add("status_code", Types.IntegerType.get());
        add("flags", Types.IntegerType.get());
        for (String name : List.of("timestamp", "end_timestamp", "ingested_timestamp")) {
            add(name, Types.TimestampType.withZone());
        }
        add("resource_attributes", map()).add("scope_attributes", map()).add("span_attributes", map());
        for (String name : List.of("dropped_attributes_count", "dropped_events_count", "dropped_links_count")) {
            add(name, Types.IntegerType.get());
        }
        add("events", list(Types.StructType.of(optional(++lastId, "timestamp", Types.TimestampType.withZone()),
                optional(++lastId, "name", Types.StringType.get()), optional(++lastId, "attributes", map()),
                optional(++lastId, "dropped_attributes_count", Types.IntegerType.get()))));
        add("links", list(Types.StructType.of(optional(++lastId, "trace_id", Types.FixedType.ofLength(16)),
                optional(++lastId, "span_id", Types.BinaryType.get()),
                optional(++lastId, "trace_state", Types.StringType.get()), optional(++lastId, "attributes", map()),
                optional(++lastId, "dropped_attributes_count", Types.IntegerType.get()),
                optional(++lastId, "flags", Types.IntegerType.get()))));
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean keepsArrival() {
        return kind == Kind.ICEGATE;
    }

    @Override
    public ExportTraceServiceRequest kept(ExportTraceServiceRequest request) {
        ExportTraceServiceRequest.Builder kept = ExportTraceServiceRequest.newBuilder();
        for (FlatSpan flat : FlatSpan.of(request)) {
            InstrumentationScope.Builder scope = InstrumentationScope.newBuilder();
            if (kind == Kind.ICEGATE) {
                scope.addAllAttributes(kept(flat.scope().getScope().getAttributesList()));
            } else {
                scope.setName(flat.scope().getScope().getName()).setVersion(flat.scope().getScope().getVersion());
            }
            kept.addResourceSpans(ResourceSpans.newBuilder().setResource(resource(flat.resource().getResource()))
                    .addScopeSpans(ScopeSpans.newBuilder().setScope(scope).addSpans(span(flat.span()))));
        }
        return kept.build();
    }

    private static String service(List<KeyValue> attributes) {
        return attributes.stream().filter(attribute -> attribute.getKey().equals(SERVICE_NAME)).findFirst()
                .map(attribute -> attribute.getValue().getStringValue()).orElse("");
    }

    private Resource resource(Resource resource) {
        List<KeyValue> attributes = new ArrayList<>(kept(resource.getAttributesList()));
        if (!service(attributes).isEmpty()) {
            KeyValue service = attributes.stream().filter(attribute -> attribute.getKey().equals(SERVICE_NAME))
                    .findFirst().orElseThrow();
            attributes.remove(service);
            attributes.addFirst(service);
        }
        return Resource.newBuilder().addAllAttributes(attributes).build();
    }

    /** Of a repeated key the first value; texts, but in JSON, which knows numbers and truth values as well. */
    private List<KeyValue> kept(List<KeyValue> attributes) {
        Set<String> keys = new HashSet<>();
        List<KeyValue> kept = new ArrayList<>();
        for (KeyValue attribute : attributes) {
            AnyValue value = attribute.getValue();
            if (value.getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET && keys.add(attribute.getKey())) {
                kept.add(KeyValue.newBuilder().setKey(attribute.getKey())
                        .setValue(kind == Kind.ROTEL && isOfJson(value)
                                ? value
                                : AnyValue.newBuilder().setStringValue(text(value)).build())
                        .build());
            }
        }
        return kept;
    }

    private static boolean isOfJson(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE, BOOL_VALUE, INT_VALUE -> true;
            case DOUBLE_VALUE -> Double.isFinite(value.getDoubleValue());
            default -> false;
        };
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
            default -> value.toString();
        };
    }

    private long time(long nanos) {
        return kind == Kind.ICEGATE ? nanos - Math.floorMod(nanos, 1_000L) : nanos;
    }

    private Span span(Span span) {
        Span.Builder kept = Span.newBuilder().setTraceId(span.getTraceId()).setSpanId(span.getSpanId())
                .setParentSpanId(span.getParentSpanId()).setTraceState(span.getTraceState()).setName(span.getName())
                .addAllAttributes(kept(span.getAttributesList()));
        long start = time(span.getStartTimeUnixNano());
        long end = time(span.getEndTimeUnixNano());
        end = end == 0 ? start : end;
        start = start != 0 ? start : kind == Kind.ICEGATE ? end : 0;
        kept.setStartTimeUnixNano(start).setEndTimeUnixNano(start == 0 ? 0 : end);
        boolean knownKind = span.getKindValue() >= 0 && span.getKindValue() <= 5;
        kept.setKindValue(knownKind || kind == Kind.ICEGATE ? span.getKindValue() : 0);
        int code = span.getStatus().getCodeValue();
        Status status = Status.newBuilder().setMessage(span.getStatus().getMessage())
                .setCodeValue(code >= 0 && code <= 2 ? code : 0).build();
        if (!status.equals(Status.getDefaultInstance())) {
            kept.setStatus(status);
        }
        span.getEventsList().forEach(event -> kept.addEvents(event(event)));
        span.getLinksList().forEach(link -> kept.addLinks(link(link)));
        if (kind == Kind.ICEGATE) {
            kept.setFlags(span.getFlags()).setDroppedAttributesCount(span.getDroppedAttributesCount())
                    .setDroppedEventsCount(span.getDroppedEventsCount())
                    .setDroppedLinksCount(span.getDroppedLinksCount());
        }
        return kept.build();
    }

    private Span.Event event(Span.Event event) {
        Span.Event.Builder kept = Span.Event.newBuilder().setTimeUnixNano(time(event.getTimeUnixNano()))
                .setName(event.getName()).addAllAttributes(kept(event.getAttributesList()));
        if (kind == Kind.ICEGATE) {
            kept.setDroppedAttributesCount(event.getDroppedAttributesCount());
        }
        return kept.build();
    }

    private Span.Link link(Span.Link link) {
        Span.Link.Builder kept = Span.Link.newBuilder().setTraceId(link.getTraceId()).setSpanId(link.getSpanId())
                .setTraceState(link.getTraceState()).addAllAttributes(kept(link.getAttributesList()));
        if (kind == Kind.ICEGATE) {
            kept.setDroppedAttributesCount(link.getDroppedAttributesCount()).setFlags(link.getFlags());
        }
        return kept.build();
    }

    @Override
    public List<Record> rows(KafkaMessage message, long offset) {
        return FlatSpan.of(kept(FlatSpan.parse(message.value()))).stream().map(span -> switch (kind) {
            case CLICKHOUSE, OTLP2PARQUET -> clickhouse(span);
            case ROTEL -> rotel(span);
            case ICEGATE -> icegate(span, message.timestampMillis());
        }).toList();
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new LinkedHashMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), attribute.getValue().getStringValue()));
        return texts;
    }

    static String hex(ByteString id) {
        StringBuilder hex = new StringBuilder();
        id.forEach(each -> hex.append(String.format("%02x", each)));
        return hex.toString();
    }

    private static Object time(long nanos, boolean instant) {
        if (nanos == 0) {
            return null;
        }
        return instant
                ? OffsetDateTime.ofInstant(Instant.ofEpochSecond(0, nanos), ZoneOffset.UTC)
                : (Object) nanos;
    }

    private static <T, R> List<R> each(List<T> items, Function<T, R> value) {
        return items.stream().map(value).toList();
    }

    private Record clickhouse(FlatSpan flat) {
        Span span = flat.span();
        Record row = GenericRecord.create(schema);
        row.setField("Timestamp", time(span.getStartTimeUnixNano(), false));
        row.setField("Duration", span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
        row.setField("TraceId", hex(span.getTraceId()));
        row.setField("SpanId", hex(span.getSpanId()));
        row.setField("ParentSpanId", hex(span.getParentSpanId()));
        row.setField("TraceState", span.getTraceState());
        row.setField("SpanName", span.getName());
        String spanKind = span.getKind().name().substring("SPAN_KIND_".length());
        row.setField("SpanKind", spanKind.charAt(0) + spanKind.substring(1).toLowerCase(Locale.ROOT));
        row.setField("ServiceName", service(flat.resource().getResource().getAttributesList()));
        row.setField("ResourceAttributes", texts(flat.resource().getResource().getAttributesList()));
        row.setField("ScopeName", flat.scope().getScope().getName());
        row.setField("ScopeVersion", flat.scope().getScope().getVersion());
        row.setField("SpanAttributes", texts(span.getAttributesList()));
        row.setField("StatusCode", span.getStatus().getCode().name());
        row.setField("StatusMessage", span.getStatus().getMessage());
        row.setField(nested("Events", "Timestamp"), each(span.getEventsList(), Span.Event::getTimeUnixNano));
        row.setField(nested("Events", "Name"), each(span.getEventsList(), Span.Event::getName));
        row.setField(nested("Events", "Attributes"),
                each(span.getEventsList(), event -> texts(event.getAttributesList())));
        row.setField(nested("Links", "TraceId"), each(span.getLinksList(), link -> hex(link.getTraceId())));
        row.setField(nested("Links", "SpanId"), each(span.getLinksList(), link -> hex(link.getSpanId())));
        row.setField(nested("Links", "TraceState"), each(span.getLinksList(), Span.Link::getTraceState));
        row.setField(nested("Links", "Attributes"), each(span.getLinksList(), link -> texts(link.getAttributesList())));
        return row;
    }

    private Record rotel(FlatSpan flat) {
        Span span = flat.span();
        Record row = GenericRecord.create(schema);
        row.setField("timestamp", time(span.getStartTimeUnixNano(), false));
        row.setField("duration", span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
        row.setField("trace_id", hex(span.getTraceId()));
        row.setField("span_id", hex(span.getSpanId()));
        row.setField("parent_span_id", hex(span.getParentSpanId()));
        row.setField("trace_state", span.getTraceState());
        row.setField("span_name", span.getName());
        row.setField("span_kind", span.getKind().name());
        row.setField("service_name", service(flat.resource().getResource().getAttributesList()));
        row.setField("resource_attributes", json(flat.resource().getResource().getAttributesList()));
        row.setField("scope_name", flat.scope().getScope().getName());
        row.setField("scope_version", flat.scope().getScope().getVersion());
        row.setField("span_attributes", json(span.getAttributesList()));
        row.setField("status_code", span.getStatus().getCode().name().substring("STATUS_CODE_".length()));
        row.setField("status_message", span.getStatus().getMessage());
        row.setField("events_timestamp", each(span.getEventsList(), Span.Event::getTimeUnixNano));
        row.setField("events_name", each(span.getEventsList(), Span.Event::getName));
        row.setField("events_attributes", each(span.getEventsList(), event -> json(event.getAttributesList())));
        row.setField("links_trace_id", each(span.getLinksList(), link -> hex(link.getTraceId())));
        row.setField("links_span_id", each(span.getLinksList(), link -> hex(link.getSpanId())));
        row.setField("links_trace_state", each(span.getLinksList(), Span.Link::getTraceState));
        row.setField("links_attributes", each(span.getLinksList(), link -> json(link.getAttributesList())));
        return row;
    }

    private static String json(List<KeyValue> attributes) {
        List<String> entries = each(attributes, attribute -> quoted(attribute.getKey()) + ": "
                + (isOfJson(attribute.getValue()) && !attribute.getValue().hasStringValue()
                        ? text(attribute.getValue())
                        : quoted(text(attribute.getValue()))));
        return "{" + String.join(", ", entries) + "}";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    private Record icegate(FlatSpan flat, long arrivalMillis) {
        Span span = flat.span();
        Record row = GenericRecord.create(schema);
        row.setField("timestamp", time(span.getStartTimeUnixNano(), true));
        row.setField("end_timestamp", time(span.getEndTimeUnixNano(), true));
        row.setField("ingested_timestamp", time(arrivalMillis * 1_000_000, true));
        row.setField("trace_id", span.getTraceId().toByteArray());
        row.setField("span_id", bytes(span.getSpanId()));
        row.setField("parent_span_id", span.getParentSpanId().isEmpty() ? null : bytes(span.getParentSpanId()));
        row.setField("trace_state", span.getTraceState().isEmpty() ? null : span.getTraceState());
        row.setField("name", span.getName());
        row.setField("kind", span.getKindValue());
        row.setField("flags", span.getFlags());
        row.setField("status_code", span.getStatus().getCodeValue());
        row.setField("status_message", span.getStatus().getMessage());
        row.setField("service_name", service(flat.resource().getResource().getAttributesList()));
        row.setField("resource_attributes", texts(flat.resource().getResource().getAttributesList()));
        row.setField("scope_attributes", texts(flat.scope().getScope().getAttributesList()));
        row.setField("span_attributes", texts(span.getAttributesList()));
        row.setField("dropped_attributes_count", span.getDroppedAttributesCount());
        row.setField("dropped_events_count", span.getDroppedEventsCount());
        row.setField("dropped_links_count", span.getDroppedLinksCount());
        row.setField("events", each(span.getEventsList(), event -> {
            Record item = GenericRecord.create(schema.findType("events.element").asStructType());
            item.setField("timestamp", time(event.getTimeUnixNano(), true));
            item.setField("name", event.getName());
            item.setField("attributes", texts(event.getAttributesList()));
            item.setField("dropped_attributes_count", event.getDroppedAttributesCount());
            return item;
        }));
        row.setField("links", span.getLinksList().isEmpty() ? null : each(span.getLinksList(), link -> {
            Record item = GenericRecord.create(schema.findType("links.element").asStructType());
            item.setField("trace_id", link.getTraceId().toByteArray());
            item.setField("span_id", bytes(link.getSpanId()));
            item.setField("trace_state", link.getTraceState());
            item.setField("attributes", texts(link.getAttributesList()));
            item.setField("dropped_attributes_count", link.getDroppedAttributesCount());
            item.setField("flags", link.getFlags());
            return item;
        }));
        return row;
    }

    private static ByteBuffer bytes(ByteString bytes) {
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name();
    }
}
