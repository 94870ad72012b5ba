package dev.tailsampling.lake;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.Record;

/** The spans of a flattened table, and what it should say of a message by protobuf-java, as lines. */
final class FlatSpanText {

    private FlatSpanText() {}

    static String text(Record row) {
        return String.join("|", text(row, "TraceId"), text(row, "SpanId"), text(row, "ParentSpanId"),
                text(row, "TraceState"), text(row, "SpanName"), text(row, "SpanKind"), text(row, "StatusCode"),
                text(row, "StatusMessage"), text(row, "Timestamp"), text(row, "Duration"), text(row, "ServiceName"),
                text(row, "ScopeName"), text(row, "ResourceAttributes"), text(row, "SpanAttributes"),
                text(row, "Events.Timestamp"), text(row, "Events.Name"), text(row, "Events.Attributes"),
                text(row, "Links.SpanId"), text(row, "Links.TraceId"));
    }

    private static String text(Record row, String column) {
        return sorted(row.getField(column)).toString();
    }

    /** Maps come in any order. */
    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> new TreeMap<>(map);
            case List<?> list -> list.stream().map(FlatSpanText::sorted).toList();
            default -> value;
        };
    }

    static List<String> expected(Iterable<byte[]> messages) {
        List<String> rows = new ArrayList<>();
        for (byte[] message : messages) {
            for (ResourceSpans resource : parsed(message).getResourceSpansList()) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> rows.add(text(resource, scope, span)));
                }
            }
        }
        return rows;
    }

    private static TracesData parsed(byte[] message) {
        try {
            return TracesData.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(ResourceSpans resource, ScopeSpans scope, Span span) {
        Map<String, String> shared = texts(resource.getResource().getAttributesList());
        HexFormat hex = HexFormat.of();
        return String.join("|", hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()), hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getTraceState(), span.getName(), capitalized(span.getKind().name(), "SPAN_KIND_"),
                capitalized(span.getStatus().getCode().name(), "STATUS_CODE_"), span.getStatus().getMessage(),
                Long.toString(span.getStartTimeUnixNano()),
                Long.toString(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()), shared.get("service.name"),
                scope.getScope().getName(), shared.toString(), texts(span.getAttributesList()).toString(),
                span.getEventsList().stream().map(Span.Event::getTimeUnixNano).toList().toString(),
                span.getEventsList().stream().map(Span.Event::getName).toList().toString(),
                span.getEventsList().stream().map(event -> texts(event.getAttributesList())).toList().toString(),
                span.getLinksList().stream().map(link -> hex.formatHex(link.getSpanId().toByteArray())).toList()
                        .toString(),
                span.getLinksList().stream().map(link -> hex.formatHex(link.getTraceId().toByteArray())).toList()
                        .toString());
    }

    private static String capitalized(String name, String prefix) {
        String word = name.substring(prefix.length());
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> throw new AssertionError("no text is known for " + value);
        };
    }
}
