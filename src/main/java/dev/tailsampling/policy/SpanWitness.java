package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says which values of a span made it pass or fail a test: {@code resource.service.name = "checkout"}. */
final class SpanWitness {

    private static final int LONGEST_VALUE = 200;
    private static final double NANOS_PER_MILLI = 1e6;

    private SpanWitness() {}

    /** Why a span that passes does. */
    static String passing(SpanTest test, SpanView span) {
        return switch (test) {
            case SpanTest.Value value -> found(value.source(), span);
            case SpanTest.Root ignored -> "it has no parent";
            case SpanTest.SampledFlag ignored -> "its sampled flag is set";
            case SpanTest.Ottl ottl -> ottl.condition() + " is true";
            case SpanTest.OttlFailure ottl -> ottl.condition() + " cannot be evaluated";
            case SpanTest.Event event -> event(event, span);
            case SpanTest.Link link -> link(link, span);
            case SpanTest.AnyItem item -> item.ofSpan().test(span)
                    ? passing(item.ofSpan(), span)
                    : "one of its events or links has " + SpanTestText.of(item);
            case SpanTest.AllOf all -> all.tests().stream().map(part -> passing(part, span)).distinct()
                    .collect(Collectors.joining(" and "));
            case SpanTest.AnyOf any -> any.tests().stream().filter(part -> part.test(span)).findFirst()
                    .map(part -> passing(part, span)).orElse("");
            case SpanTest.Not not -> failing(not.test(), span);
        };
    }

    /** Why a span that fails does. */
    private static String failing(SpanTest test, SpanView span) {
        return switch (test) {
            case SpanTest.Value value -> found(value.source(), span);
            case SpanTest.Root ignored -> "it has a parent";
            case SpanTest.SampledFlag ignored -> "its sampled flag is not set";
            case SpanTest.Ottl ottl -> ottl.condition() + " is not true";
            case SpanTest.OttlFailure ottl -> ottl.condition() + " can be evaluated";
            case SpanTest.Event ignored -> "none of its events has " + SpanTestText.of(test);
            case SpanTest.Link ignored -> "none of its links has " + SpanTestText.of(test);
            case SpanTest.AnyItem item -> "neither it nor an event or link of it has " + SpanTestText.of(item);
            case SpanTest.AllOf all -> all.tests().stream().filter(part -> !part.test(span)).findFirst()
                    .map(part -> failing(part, span)).orElse("");
            case SpanTest.AnyOf any -> any.tests().stream().map(part -> failing(part, span)).distinct()
                    .collect(Collectors.joining(" and "));
            case SpanTest.Not not -> passing(not.test(), span);
        };
    }

    private static String found(ValueSource source, SpanView span) {
        if (source instanceof ValueSource.FirstOf first) {
            ValueSource present =
                    first.sources().stream().filter(one -> one.of(span) != null).findFirst().orElse(null);
            return present == null ? source + " is absent" : found(present, span);
        }
        AttributeValue value = source.of(span);
        return source == ValueSource.Field.DURATION_NANOS && value instanceof AttributeValue.LongValue nanos
                ? "span.duration_ms = " + ScalarText.of(nanos.value() / NANOS_PER_MILLI)
                : found(SpanTestText.of(source), value);
    }

    private static String found(String source, @Nullable AttributeValue value) {
        return value == null ? source + " is absent" : source + " = " + text(value);
    }

    private static String event(SpanTest.Event test, SpanView span) {
        List<String> found = new ArrayList<>();
        span.anyEvent(event -> found.isEmpty() && test.passes(event)
                && found.add("event \"" + event.name() + "\"" + values(test.tests(), event.attributes())));
        return String.join("", found);
    }

    private static String link(SpanTest.Link test, SpanView span) {
        List<String> found = new ArrayList<>();
        span.anyLink(link -> found.isEmpty() && test.passes(link)
                && found.add("link to span " + ValueSource.Field.hex(link.spanId())
                        + values(test.tests(), link.attributes())));
        return String.join("", found);
    }

    private static String values(List<SpanTest.ItemTest> tests, AttributesView attributes) {
        List<String> values = new ArrayList<>();
        for (SpanTest.ItemTest item : tests) {
            AttributeKey key = item.key();
            if (key != null) {
                values.add(found(key.name(), attributes.get(key)));
            }
        }
        return values.isEmpty() ? "" : " with " + String.join(" and ", values);
    }

    private static String text(AttributeValue value) {
        return switch (value) {
            case AttributeValue.StringValue string -> SpanTestText.quoted(shortened(string.value()));
            case AttributeValue.BoolValue bool -> Boolean.toString(bool.value());
            case AttributeValue.LongValue number -> Long.toString(number.value());
            case AttributeValue.DoubleValue number -> ScalarText.of(number.value());
            case AttributeValue.BytesValue bytes -> bytes.value().length + " bytes";
            case AttributeValue.ListValue list -> shortened(
                    list.values().stream().map(SpanWitness::text).collect(Collectors.joining(", ", "[", "]")));
            case AttributeValue.MapValue map -> shortened(map.entries().stream()
                    .map(entry -> entry.key() + ": " + text(entry.value()))
                    .collect(Collectors.joining(", ", "{", "}")));
            case AttributeValue.EmptyValue ignored -> "nothing";
        };
    }

    /** At a code point, so that no half of one is left. */
    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_VALUE
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    }
}
