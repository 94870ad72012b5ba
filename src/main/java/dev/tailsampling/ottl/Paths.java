package dev.tailsampling.ottl;

import dev.tailsampling.ottl.Expression.Attribute;
import dev.tailsampling.ottl.Expression.Attributes;
import dev.tailsampling.ottl.Expression.ComputedAttribute;
import dev.tailsampling.ottl.Expression.Indexed;
import dev.tailsampling.ottl.Expression.Literal;
import dev.tailsampling.ottl.Expression.Path;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceStateEntries;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the paths of a condition stand for, after the Collector's contexts ottlspan and ottlspanevent. */
final class Paths {

    /** Fields by their full path. */
    private static final SortedMap<String, Function<Subject, @Nullable Object>> FIELDS = new TreeMap<>();

    private static final Map<String, Function<Subject, AttributesView>> ATTRIBUTES = new TreeMap<>(Map.of(
            "span.attributes", subject -> subject.span().attributes(),
            "spanevent.attributes", subject -> subject.event().attributes(),
            "resource.attributes", subject -> subject.span().resource(),
            "scope.attributes", subject -> subject.span().scope().attributes()));

    private static final String TRACE_STATE = "span.trace_state";

    static {
        span("trace_id", SpanView::traceId);
        span("trace_id.string", span -> span.traceId().hex());
        span("span_id", span -> new Values.SpanId(span.spanId()));
        span("span_id.string", span -> HexFormat.of().toHexDigits(span.spanId()));
        span("parent_span_id", span -> new Values.SpanId(span.parentSpanId()));
        span("parent_span_id.string", span -> HexFormat.of().toHexDigits(span.parentSpanId()));
        span("trace_state", span -> span.traceState() == null ? "" : span.traceState());
        span("name", SpanView::name);
        span("kind", span -> (long) span.kind().ordinal());
        span("kind.string", span -> inWords(span.kind()));
        span("kind.deprecated_string", span -> "SPAN_KIND_" + span.kind());
        span("start_time_unix_nano", SpanView::startUnixNano);
        span("end_time_unix_nano", SpanView::endUnixNano);
        span("start_time", span -> time(span.startUnixNano()));
        span("end_time", span -> time(span.endUnixNano()));
        span("status", span -> new Values.Status());
        span("status.code", span -> (long) span.status().ordinal());
        span("status.message", SpanView::statusMessage);
        span("flags", span -> Integer.toUnsignedLong(span.flags()));
        span("dropped_attributes_count", SpanView::droppedAttributesCount);
        span("events", span -> new Values.Count(span.eventCount()));
        span("dropped_events_count", SpanView::droppedEventsCount);
        span("links", span -> new Values.Count(span.linkCount()));
        span("dropped_links_count", SpanView::droppedLinksCount);
        FIELDS.put("scope.name", subject -> subject.span().scope().name());
        FIELDS.put("scope.version", subject -> subject.span().scope().version());
        FIELDS.put("scope.dropped_attributes_count", subject -> subject.span().scope().droppedAttributesCount());
        FIELDS.put("spanevent.name", subject -> subject.event().name());
        FIELDS.put("spanevent.time_unix_nano", subject -> subject.event().timeUnixNano());
        FIELDS.put("spanevent.time", subject -> time(subject.event().timeUnixNano()));
        FIELDS.put("spanevent.dropped_attributes_count", subject -> subject.event().droppedAttributesCount());
    }

    private Paths() {}

    private static void span(String name, Function<SpanView, @Nullable Object> field) {
        FIELDS.put("span." + name, subject -> field.apply(subject.span()));
    }

    private static Instant time(long unixNano) {
        return Instant.ofEpochSecond(0, unixNano);
    }

    private static String inWords(SpanKind kind) {
        return switch (kind) {
            case UNSPECIFIED -> "Unspecified";
            case INTERNAL -> "Internal";
            case SERVER -> "Server";
            case CLIENT -> "Client";
            case PRODUCER -> "Producer";
            case CONSUMER -> "Consumer";
        };
    }

    /** The path as the table has it: with its prefix. */
    static String full(String path, Context context) {
        int dot = path.indexOf('.');
        String first = dot < 0 ? "" : path.substring(0, dot);
        return switch (first) {
            case "span", "spanevent", "resource", "scope" -> path;
            case "instrumentation_scope" -> "scope" + path.substring(dot);
            default -> context.pathName() + "." + path;
        };
    }

    private static boolean isKnown(String full, Context context) {
        return (FIELDS.containsKey(full) || ATTRIBUTES.containsKey(full))
                && (context == Context.SPAN_EVENT || !full.startsWith("spanevent."));
    }

    /**
     * What a path stands for.
     *
     * @param path names joined by dots
     * @param keys what stands in brackets behind the last name
     * @throws IllegalArgumentException if there is no such path, or it has no elements
     */
    static Expression resolve(String path, List<Expression> keys, Context context) {
        String full = full(path, context);
        if (!isKnown(full, context)) {
            throw new IllegalArgumentException(
                    "there is no path " + path + " for " + context.inWords() + "; there are " + known(context));
        }
        Function<Subject, AttributesView> owner = ATTRIBUTES.get(full);
        if (owner != null) {
            return keys.isEmpty() ? new Attributes(owner) : attribute(owner, keys);
        }
        if (!keys.isEmpty()) {
            return element(path, full, keys);
        }
        return new Path(FIELDS.getOrDefault(full, subject -> null));
    }

    private static Expression attribute(Function<Subject, AttributesView> owner, List<Expression> keys) {
        Expression attribute = switch (keys.getFirst()) {
            case Literal(String name) -> new Attribute(owner, AttributeKey.of(name));
            case Literal(Object other) ->
                throw new IllegalArgumentException("an attribute's key is a string, not " + Values.typeOf(other));
            case Expression key -> new ComputedAttribute(owner, key);
        };
        return keys.size() == 1 ? attribute : new Indexed(attribute, keys.subList(1, keys.size()));
    }

    private static Expression element(String path, String full, List<Expression> keys) {
        if (!full.equals(TRACE_STATE)) {
            throw new IllegalArgumentException(path + " has no elements; only attributes and trace_state have");
        }
        if (keys.size() == 1 && keys.getFirst() instanceof Literal(String key)) {
            return new Path(subject -> TraceStateEntries.value(subject.span().traceState(), key));
        }
        throw new IllegalArgumentException("trace_state is indexed by one string");
    }

    private static String known(Context context) {
        TreeSet<String> all = new TreeSet<>(FIELDS.keySet());
        all.addAll(ATTRIBUTES.keySet());
        all.removeIf(full -> !isKnown(full, context));
        return String.join(", ", all);
    }
}
