package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that Honeycomb's OTLP intake, which Refinery shares, makes of what OTLP does not call an attribute. (Names
 * and types: honeycombio/husky, March 2026; {@code meta.refinery.root}: Refinery v3.2.2.)
 */
final class RefineryIntake {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final StringValue TRACE = new StringValue("trace");

    private RefineryIntake() {}

    /** Parts of a span that a field may be made from, whichever item has it; what is always there is left out. */
    static Set<SpanField> fields(String field) {
        return switch (field) {
            case "name", "parent_name" -> Set.of(SpanField.NAME);
            case "type", "span.kind" -> Set.of(SpanField.KIND);
            case "status_message" -> Set.of(SpanField.STATUS_MESSAGE);
            case "span.num_events" -> Set.of(SpanField.EVENTS);
            case "span.num_links" -> Set.of(SpanField.LINKS);
            case "library.name", "library.version" -> Set.of(SpanField.SCOPE);
            default -> Set.of();
        };
    }

    static @Nullable AttributeValue ofSpan(String field, SpanView span) {
        return switch (field) {
            case "trace.span_id" -> ValueSource.Field.SPAN_ID.of(span);
            case "trace.parent_id" -> ValueSource.Field.PARENT_SPAN_ID.of(span);
            case "trace.trace_state" -> ValueSource.Field.TRACE_STATE.of(span);
            case "name" -> ValueSource.Field.NAME.of(span);
            case "type", "span.kind" -> new StringValue(span.kind().name().toLowerCase(Locale.ROOT));
            case "duration_ms" -> new DoubleValue(durationMillis(span));
            case "status_code" -> new LongValue(span.status().ordinal());
            case "status_message" -> text(span.statusMessage());
            case "span.num_events" -> ValueSource.Field.EVENT_COUNT.of(span);
            case "span.num_links" -> ValueSource.Field.LINK_COUNT.of(span);
            case "meta.refinery.root" -> new BoolValue(span.isRoot());
            default -> ofAny(field, span);
        };
    }

    static @Nullable AttributeValue ofEvent(String field, SpanView span, EventView event) {
        return switch (field) {
            case "name" -> new StringValue(event.name());
            case "meta.annotation_type" -> new StringValue("span_event");
            default -> ofPart(field, span);
        };
    }

    static @Nullable AttributeValue ofLink(String field, SpanView span, LinkView link) {
        return switch (field) {
            case "trace.link.trace_id" -> traceId(new TraceId(link.traceIdHigh(), link.traceIdLow()));
            case "trace.link.span_id" -> new StringValue(HexFormat.of().toHexDigits(link.spanId()));
            case "meta.annotation_type" -> new StringValue("link");
            default -> ofPart(field, span);
        };
    }

    /** Of an event or a link alike. */
    private static @Nullable AttributeValue ofPart(String field, SpanView span) {
        return switch (field) {
            case "trace.parent_id" -> ValueSource.Field.SPAN_ID.of(span);
            case "parent_name" -> ValueSource.Field.NAME.of(span);
            case "meta.refinery.root" -> new BoolValue(false);
            default -> ofAny(field, span);
        };
    }

    private static @Nullable AttributeValue ofAny(String field, SpanView span) {
        return switch (field) {
            case "trace.trace_id", "meta.trace_id" -> traceId(span.traceId());
            case "error" -> span.status() == StatusCode.ERROR ? new BoolValue(true) : null;
            case "library.name" -> text(span.scope().name());
            case "library.version" -> text(span.scope().version());
            case "meta.signal_type" -> TRACE;
            default -> null;
        };
    }

    private static double durationMillis(SpanView span) {
        return ValueSource.Field.DURATION_NANOS.of(span) instanceof LongValue nanos
                ? nanos.value() / NANOS_PER_MILLI
                : 0;
    }

    /** An id of 64 bits loses the zeros in front. */
    private static AttributeValue traceId(TraceId id) {
        return new StringValue(id.high() == 0 ? HexFormat.of().toHexDigits(id.low()) : id.hex());
    }

    private static @Nullable AttributeValue text(String text) {
        return text.isEmpty() ? null : new StringValue(text);
    }
}
