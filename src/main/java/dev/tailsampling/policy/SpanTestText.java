package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Span tests as one line of text. Different tests have different texts: versions of policy sets are made from them. */
final class SpanTestText {

    private SpanTestText() {}

    static String of(SpanTest test) {
        return switch (test) {
            case SpanTest.Value value -> of(value.source(), value.test());
            case SpanTest.Root ignored -> "root";
            case SpanTest.SampledFlag ignored -> "sampled flag";
            case SpanTest.Ottl ottl -> "ottl " + quoted(ottl.condition().toString());
            case SpanTest.OttlFailure ottl -> "ottl failure of " + quoted(ottl.condition().toString());
            case SpanTest.Event event -> "event(" + items(event.tests()) + ")";
            case SpanTest.Link link -> "link(" + items(link.tests()) + ")";
            case SpanTest.AnyItem item -> "item(" + fields(item.tests()) + ")";
            case SpanTest.AllOf all -> "(" + joined(all.tests(), " and ") + ")";
            case SpanTest.AnyOf any -> "(" + joined(any.tests(), " or ") + ")";
            case SpanTest.Not not -> "not " + of(not.test());
        };
    }

    private static String joined(List<SpanTest> tests, String word) {
        return tests.stream().map(SpanTestText::of).collect(Collectors.joining(word));
    }

    private static String items(List<SpanTest.ItemTest> items) {
        return items.stream().map(item -> value(item.key() == null ? "name" : quoted(item.key().name()), item.test()))
                .collect(Collectors.joining(" and "));
    }

    private static String fields(List<SpanTest.FieldTest> tests) {
        return tests.stream().map(test -> of(test.fields(), test.test())).collect(Collectors.joining(" and "));
    }

    private static String of(ValueSource source, ValueTest test) {
        if (source == ValueSource.Field.DURATION_NANOS && test instanceof ValueTest.NumberIn number) {
            return "span.duration_ms " + number.range().nanosInMillis();
        }
        return value(of(source), test);
    }

    static String of(ValueSource source) {
        return switch (source) {
            case ValueSource.Attribute attribute -> attribute.owner().name().toLowerCase(Locale.ROOT) + "."
                    + plainOrQuoted(attribute.key().name());
            case ValueSource.Field field -> field.toString();
            case ValueSource.TraceStateEntry entry -> "tracestate." + plainOrQuoted(entry.key());
            case RefineryFields fields -> (fields.nested() ? "nested field " : "field ") + fields.keys().stream()
                    .map(key -> plainOrQuoted(key.name())).collect(Collectors.joining("|"));
            case ValueSource.FirstOf first ->
                first.sources().stream().map(SpanTestText::of).collect(Collectors.joining("|"));
        };
    }

    private static String value(String source, ValueTest test) {
        return switch (test) {
            case ValueTest.Exists ignored -> source + " exists";
            case ValueTest.Absent ignored -> source + " is absent";
            case ValueTest.StringIn in -> source + " in " + quoted(new TreeSet<>(in.values()));
            case ValueTest.StringMatches matches -> source + " matches " + quoted(matches.patterns());
            case ValueTest.StringPart part -> source + " "
                    + part.part().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + quoted(part.text());
            case ValueTest.NumberIn number -> source + " " + number.range();
            case ValueTest.BooleanIs bool -> source + " = " + bool.expected();
            case ValueTest.Read read -> value(source + " as " + read.as(), read.test());
            case ValueTest.Mistyped mistyped -> value(source + " else " + text(mistyped.as()), mistyped.test());
            case ValueTest.NotEmpty notEmpty -> value(source + " not empty and", notEmpty.test());
            case ValueTest.Other other -> source + " exists and not " + value(source, other.test());
            case RefineryComparison comparison -> source + " " + comparison;
            case ValueTest.AnyOf any -> "(" + any.tests().stream().map(one -> value(source, one))
                    .collect(Collectors.joining(" or ")) + ")";
        };
    }

    private static String text(AttributeValue value) {
        return value instanceof StringValue string ? quoted(string.value()) : value.toString();
    }

    private static String plainOrQuoted(String key) {
        return key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-')
                ? key
                : quoted(key);
    }

    static String quoted(Collection<?> texts) {
        return texts.stream().map(text -> quoted(text.toString())).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Quotes inside are escaped: else two sets could have the same text, and so the same version. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
