package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.OtlpAttributes;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.SpanView;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * Events and links as Datadog has them in tags: arrays in JSON. An element that would make the tag too long is left out,
 * so that the others can be read.
 */
final class SpanJson {

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder json = new StringBuilder("[");
    private int bytes = 2;

    private SpanJson() {}

    /** The span's events; empty if it has none. */
    static String events(SpanView span) {
        if (span.eventCount() == 0) {
            return "";
        }
        SpanJson events = new SpanJson();
        span.anyEvent(event -> events.add(event(event)));
        return events.end();
    }

    /** The span's links; empty if it has none. */
    static String links(SpanView span) {
        if (span.linkCount() == 0) {
            return "";
        }
        SpanJson links = new SpanJson();
        span.anyLink(link -> links.add(link(link)));
        return links.end();
    }

    /** Always false: there is more to come. */
    private boolean add(String element) {
        int size = element.getBytes(StandardCharsets.UTF_8).length + 1;
        if (bytes + size <= SpanTags.MAX_VALUE_BYTES) {
            json.append(json.length() > 1 ? "," : "").append(element);
            bytes += size;
        }
        return false;
    }

    private String end() {
        return json.append(']').toString();
    }

    private static String event(EventView event) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        if (event.timeUnixNano() != 0) {
            fields.add("\"time_unix_nano\":" + Long.toUnsignedString(event.timeUnixNano()));
        }
        if (!event.name().isEmpty()) {
            fields.add("\"name\":" + AttributeTexts.quoted(event.name()));
        }
        StringJoiner attributes = object();
        OtlpAttributes.forEach(event.attributes(),
                (key, value) -> attributes.add(AttributeTexts.quoted(key) + ":" + AttributeTexts.json(value)));
        addAttributes(fields, event.attributes(), attributes);
        if (event.droppedAttributesCount() != 0) {
            fields.add("\"dropped_attributes_count\":" + event.droppedAttributesCount());
        }
        return fields.toString();
    }

    /** Values are texts. */
    private static String link(LinkView link) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        fields.add("\"trace_id\":\"" + HEX.toHexDigits(link.traceIdHigh()) + HEX.toHexDigits(link.traceIdLow()) + '"');
        fields.add("\"span_id\":\"" + HEX.toHexDigits(link.spanId()) + '"');
        String traceState = link.traceState();
        if (traceState != null) {
            fields.add("\"tracestate\":" + AttributeTexts.quoted(traceState));
        }
        StringJoiner attributes = object();
        OtlpAttributes.forEach(link.attributes(), (key, value) -> attributes
                .add(AttributeTexts.quoted(key) + ":" + AttributeTexts.quoted(AttributeTexts.text(value))));
        addAttributes(fields, link.attributes(), attributes);
        return fields.toString();
    }

    private static StringJoiner object() {
        return new StringJoiner(",", "{", "}");
    }

    private static void addAttributes(StringJoiner fields, AttributesView view, StringJoiner attributes) {
        if (view.size() > 0) {
            fields.add("\"attributes\":" + attributes);
        }
    }
}
