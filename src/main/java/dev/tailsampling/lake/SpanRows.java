package dev.tailsampling.lake;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;

/** Makes a row of each span of a message, with the columns of {@link SpanTableSchema}. Not thread-safe. */
final class SpanRows {

    private static final HexFormat HEX = HexFormat.of();
    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");

    private final Schema schema;
    private final OtlpSpans spans = new OtlpSpans();
    private long resourceGeneration = AttributesView.ALWAYS_NEW;
    private Map<String, String> resource = Map.of();
    private String service = "";

    /**
     * For rows of a table.
     *
     * @param schema has the columns of {@link SpanTableSchema}; others are left null
     */
    SpanRows(Schema schema) {
        this.schema = schema;
    }

    /**
     * Calls the action for each span, which is valid during the call, and its row, which is valid afterwards too.
     *
     * @return the number of rows
     */
    int forEach(byte[] otlp, BiConsumer<SpanView, Record> action) {
        resourceGeneration = AttributesView.ALWAYS_NEW;
        return spans.forEach(otlp, 0, otlp.length, span -> action.accept(span, row(span)));
    }

    private Record row(SpanView span) {
        readResource(span.resource());
        Record row = GenericRecord.create(schema);
        row.setField(SpanTableSchema.TIMESTAMP, span.startUnixNano());
        row.setField(SpanTableSchema.TRACE_ID, span.traceId().hex());
        row.setField(SpanTableSchema.SPAN_ID, HEX.toHexDigits(span.spanId()));
        row.setField(SpanTableSchema.PARENT_SPAN_ID, span.isRoot() ? "" : HEX.toHexDigits(span.parentSpanId()));
        row.setField(SpanTableSchema.TRACE_STATE, Objects.requireNonNullElse(span.traceState(), ""));
        row.setField(SpanTableSchema.SPAN_NAME, span.name());
        row.setField(SpanTableSchema.SPAN_KIND, capitalized(span.kind()));
        row.setField(SpanTableSchema.SERVICE_NAME, service);
        row.setField(SpanTableSchema.RESOURCE_ATTRIBUTES, resource);
        row.setField(SpanTableSchema.SCOPE_NAME, span.scope().name());
        row.setField(SpanTableSchema.SCOPE_VERSION, span.scope().version());
        row.setField(SpanTableSchema.SPAN_ATTRIBUTES, AttributeTexts.of(span.attributes()));
        row.setField(SpanTableSchema.DURATION, span.endUnixNano() - span.startUnixNano());
        row.setField(SpanTableSchema.STATUS_CODE, capitalized(span.status()));
        row.setField(SpanTableSchema.STATUS_MESSAGE, span.statusMessage());
        addEvents(span, row);
        addLinks(span, row);
        return row;
    }

    /** Many spans have the same resource. */
    private void readResource(AttributesView attributes) {
        long generation = attributes.generation();
        if (generation == AttributesView.ALWAYS_NEW || generation != resourceGeneration) {
            resourceGeneration = generation;
            resource = AttributeTexts.of(attributes);
            AttributeValue name = attributes.get(SERVICE_NAME);
            service = name == null ? "" : AttributeTexts.text(name);
        }
    }

    private static void addEvents(SpanView span, Record row) {
        List<Long> times = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Map<String, String>> attributes = new ArrayList<>();
        forEachEvent(span, event -> {
            times.add(event.timeUnixNano());
            names.add(event.name());
            attributes.add(AttributeTexts.of(event.attributes()));
        });
        row.setField(SpanTableSchema.EVENT_TIMESTAMPS, times);
        row.setField(SpanTableSchema.EVENT_NAMES, names);
        row.setField(SpanTableSchema.EVENT_ATTRIBUTES, attributes);
    }

    private static void forEachEvent(SpanView span, Consumer<EventView> action) {
        boolean ignored = span.anyEvent(event -> {
            action.accept(event);
            return false;
        });
    }

    private static void addLinks(SpanView span, Record row) {
        List<String> traceIds = new ArrayList<>();
        List<String> spanIds = new ArrayList<>();
        List<String> traceStates = new ArrayList<>();
        List<Map<String, String>> attributes = new ArrayList<>();
        forEachLink(span, link -> {
            traceIds.add(new TraceId(link.traceIdHigh(), link.traceIdLow()).hex());
            spanIds.add(HEX.toHexDigits(link.spanId()));
            traceStates.add(Objects.requireNonNullElse(link.traceState(), ""));
            attributes.add(AttributeTexts.of(link.attributes()));
        });
        row.setField(SpanTableSchema.LINK_TRACE_IDS, traceIds);
        row.setField(SpanTableSchema.LINK_SPAN_IDS, spanIds);
        row.setField(SpanTableSchema.LINK_TRACE_STATES, traceStates);
        row.setField(SpanTableSchema.LINK_ATTRIBUTES, attributes);
    }

    private static void forEachLink(SpanView span, Consumer<LinkView> action) {
        boolean ignored = span.anyLink(link -> {
            action.accept(link);
            return false;
        });
    }

    /** "Server", "Error". */
    private static String capitalized(Enum<?> constant) {
        return constant.name().charAt(0) + constant.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
