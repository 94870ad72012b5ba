package dev.tailsampling.policy;

import dev.tailsampling.sampler.KeyText;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.EmptyValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.SpanView;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The first of some fields that there is, in Refinery's flat view of a trace: spans, events and links are items alike,
 * and a field of an item is its attribute, else one of the instrumentation scope, else one of the resource, else what
 * Honeycomb's OTLP intake makes of OTLP's own fields ({@link RefineryIntake}).
 *
 * @param keys the fields in order, at least one
 * @param nested whether, when there is none of them, each is looked for as a path with dots within maps and lists, too;
 *     what is found so is a text
 */
public record RefineryFields(List<AttributeKey> keys, boolean nested) implements ValueSource {

    public RefineryFields {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.name().isEmpty())) {
            throw new IllegalArgumentException("a field must not be empty");
        }
    }

    /** Fields of these names. */
    public static RefineryFields of(List<String> names, boolean nested) {
        return new RefineryFields(names.stream().map(AttributeKey::of).toList(), nested);
    }

    @Override
    public @Nullable AttributeValue of(SpanView span) {
        return find(span, span.attributes(), name -> RefineryIntake.ofSpan(name, span));
    }

    /** The value in an event of the span. */
    @Nullable
    AttributeValue of(SpanView span, EventView event) {
        return find(span, event.attributes(), name -> RefineryIntake.ofEvent(name, span, event));
    }

    /** The value in a link of the span. */
    @Nullable
    AttributeValue of(SpanView span, LinkView link) {
        return find(span, link.attributes(), name -> RefineryIntake.ofLink(name, span, link));
    }

    private @Nullable AttributeValue find(SpanView span, AttributesView own,
            Function<String, @Nullable AttributeValue> intake) {
        for (AttributeKey key : keys) {
            AttributeValue value = attribute(span, own, key);
            value = value == null ? intake.apply(key.name()) : value;
            if (value != null) {
                return value;
            }
        }
        return nested ? findNested(span, own) : null;
    }

    private static @Nullable AttributeValue attribute(SpanView span, AttributesView own, AttributeKey key) {
        AttributeValue value = own.get(key);
        value = value == null ? span.scope().attributes().get(key) : value;
        return value == null ? span.resource().get(key) : value;
    }

    private @Nullable AttributeValue findNested(SpanView span, AttributesView own) {
        for (AttributeKey key : keys) {
            int dot = key.name().indexOf('.');
            AttributeValue value = dot < 1
                    ? null
                    : inside(attribute(span, own, AttributeKey.of(key.name().substring(0, dot))),
                            key.name().substring(dot + 1));
            if (value != null) {
                return new StringValue(value instanceof EmptyValue ? "" : KeyText.ofSpanValue(value));
            }
        }
        return null;
    }

    private static @Nullable AttributeValue inside(@Nullable AttributeValue outer, String path) {
        int dot = path.indexOf('.');
        String step = dot < 0 ? path : path.substring(0, dot);
        AttributeValue inner = switch (outer) {
            case MapValue map -> map.entries().stream().filter(entry -> entry.key().equals(step)).findFirst()
                    .map(MapValue.Entry::value).orElse(null);
            case ListValue list -> list.values().stream().skip(place(step)).findFirst().orElse(null);
            case null, default -> null;
        };
        return dot < 0 || inner == null ? inner : inside(inner, path.substring(dot + 1));
    }

    private static long place(String step) {
        return step.matches("\\d{1,9}") ? Long.parseLong(step) : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        return keys.stream().map(AttributeKey::name).collect(Collectors.joining(" or else "));
    }
}
