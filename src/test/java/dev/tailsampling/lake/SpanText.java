package dev.tailsampling.lake;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a view shows of a span, as text: all of it, or what is always there. */
record SpanText(List<AttributeKey> keys) {

    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");

    String all(SpanView span) {
        List<String> parts = new ArrayList<>(List.of(always(span)));
        parts.add("id %x name %s kind %s message %s flags %x size %d".formatted(span.spanId(), span.name(), span.kind(),
                span.statusMessage(), span.flags(), span.encodedSize()));
        parts.add("attributes " + attributes(span.attributes()));
        parts.add("resource " + attributes(span.resource()));
        parts.add("scope %s %s %s".formatted(span.scope().name(), span.scope().version(),
                attributes(span.scope().attributes())));
        parts.add("dropped %d %d %d".formatted(span.droppedAttributesCount(), span.droppedEventsCount(),
                span.droppedLinksCount()));
        parts.add(span.eventCount() + " events, " + span.linkCount() + " links");
        span.anyEvent(event -> !parts.add("event %s at %d %s dropped %d".formatted(event.name(), event.timeUnixNano(),
                attributes(event.attributes()), event.droppedAttributesCount())));
        span.anyLink(link -> !parts.add("link %x %x %x %s %s".formatted(link.traceIdHigh(), link.traceIdLow(),
                link.spanId(), link.traceState(), attributes(link.attributes()))));
        return String.join("\n", parts);
    }

    String always(SpanView span) {
        String root = span.isRoot() ? "root " + span.name() + " of " + span.resource().get(SERVICE_NAME) : "";
        return "trace %x %x parent %x start %d end %d status %s tracestate %s %s".formatted(span.traceIdHigh(),
                span.traceIdLow(), span.parentSpanId(), span.startUnixNano(), span.endUnixNano(), span.status(),
                span.traceState(), root);
    }

    /** Looked up one by one and together, which must agree. */
    private String attributes(AttributesView view) {
        TreeMap<String, AttributeValue> byGet = new TreeMap<>();
        for (AttributeKey key : keys) {
            AttributeValue value = view.get(key);
            if (value != null) {
                byGet.put(key.name(), value);
            }
        }
        TreeMap<String, AttributeValue> byRead = new TreeMap<>();
        view.read(AttributeKeys.of(keys), new AttributesView.Receiver() {
            @Override
            public boolean wants(int number) {
                return !byRead.containsKey(keys.get(number).name());
            }

            @Override
            public void value(int number, AttributeValue value) {
                byRead.put(keys.get(number).name(), value);
            }
        });
        return view.size() + " " + byGet + (byGet.equals(byRead) ? "" : " but " + byRead);
    }
}
