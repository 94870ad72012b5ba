package dev.tailsampling.config;

import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.ValueSource;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.policy.ValueTest.As;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tests of spans as lists of matchers, {@code {key, op, value}}, by group: the opposite of {@link Matcher#test()}. */
final class MatcherTree {

    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

    private MatcherTree() {}

    /** Matchers by group. */
    static Map<String, Object> groups(SpanTest test) {
        Map<String, Object> groups = new LinkedHashMap<>();
        for (SpanTest part : test instanceof SpanTest.AllOf all ? all.tests() : List.of(test)) {
            switch (part) {
                case SpanTest.Value value when value.source() == ValueSource.Field.DURATION_NANOS
                        && value.test() instanceof ValueTest.NumberIn number ->
                    add("span", range("span.duration_ms", number.range(), NANOS_PER_MILLI), groups);
                case SpanTest.Value value -> add(value, groups);
                case SpanTest.Event event -> items("event", event.tests(), groups);
                case SpanTest.Link link -> items("link", link.tests(), groups);
                default -> throw new UnwritableException("the test of a span " + part);
            }
        }
        return groups;
    }

    private static void items(String group, List<SpanTest.ItemTest> items, Map<String, Object> groups) {
        for (SpanTest.ItemTest item : items) {
            add(group, matcher(item.key() == null ? "event.name" : item.key().name(), item.test()), groups);
        }
    }

    private static void add(SpanTest.Value value, Map<String, Object> groups) {
        String key = key(value.source());
        for (String group : List.of("resource", "scope", "span", "any")) {
            if (key != null && source(group, key).equals(value.source())) {
                add(group, matcher(key, value.test()), groups);
                return;
            }
        }
        throw new UnwritableException("the value of " + value.source());
    }

    private static void add(String group, @Nullable Map<String, Object> matcher, Map<String, Object> groups) {
        if (matcher == null) {
            throw new UnwritableException("a range of two bounds");
        }
        List<Object> matchers = new ArrayList<>();
        if (groups.get(group) instanceof List<?> before) {
            matchers.addAll(before);
        }
        matchers.add(matcher);
        groups.put(group, matchers);
    }

    /** The name of the first attribute that is looked up. */
    private static @Nullable String key(ValueSource source) {
        return switch (source) {
            case ValueSource.Attribute attribute -> attribute.key().name();
            case ValueSource.FirstOf first when !first.sources().isEmpty() -> key(first.sources().getFirst());
            default -> null;
        };
    }

    /** Where a matcher of that group looks a key up. */
    private static ValueSource source(String group, String key) {
        List<Matcher> one = List.of(new Matcher(key, Operator.EXISTS, List.of()));
        List<Matcher> none = List.of();
        SpanMatch match = switch (group) {
            case "resource" -> new SpanMatch(one, none, none, none, none, none);
            case "scope" -> new SpanMatch(none, one, none, none, none, none);
            case "span" -> new SpanMatch(none, none, one, none, none, none);
            default -> new SpanMatch(none, none, none, one, none, none);
        };
        return match.test() instanceof SpanTest.Value value ? value.source() : ValueSource.Field.NAME;
    }

    private static Map<String, Object> matcher(String key, ValueTest test) {
        return switch (test) {
            case ValueTest.Exists ignored -> matcher(key, Operator.EXISTS, List.of());
            case ValueTest.Absent ignored -> matcher(key, Operator.NOT_EXISTS, List.of());
            case ValueTest.Other other -> negative(key, Operator.NEQ, other);
            case ValueTest.AnyOf any when any.tests().size() == 2
                    && any.tests().getFirst() instanceof ValueTest.Absent
                    && any.tests().getLast() instanceof ValueTest.Other other ->
                negative(key, Operator.NEQ_OR_ABSENT, other);
            case ValueTest.Read read when read.as() == As.TEXT
                    && read.test() instanceof ValueTest.StringPart part ->
                matcher(key, switch (part.part()) {
                    case CONTAINS -> Operator.CONTAINS;
                    case STARTS_WITH -> Operator.STARTS_WITH;
                    case ENDS_WITH -> Operator.ENDS_WITH;
                }, List.of(part.text()));
            case ValueTest.Read read when read.as() == As.TEXT
                    && read.test() instanceof ValueTest.StringMatches matches && matches.patterns().size() == 1 ->
                matcher(key, Operator.REGEX, matches.expressions());
            case ValueTest.Read read when read.as() == As.NUMBER
                    && read.test() instanceof ValueTest.NumberIn number
                    && range(key, number.range(), BigDecimal.ONE) instanceof Map<String, Object> range ->
                range;
            default -> equal(key, Operator.EQ, Operator.IN, test);
        };
    }

    private static Map<String, Object> negative(String key, Operator one, ValueTest.Other other) {
        return equal(key, one, Operator.NOT_IN, other.test());
    }

    /** The texts that a matcher was made from; numbers and truth values among them have tests of their own. */
    private static Map<String, Object> equal(String key, Operator one, Operator several, ValueTest test) {
        List<ValueTest> tests = test instanceof ValueTest.AnyOf any ? any.tests() : List.of(test);
        if (!(tests.getFirst() instanceof ValueTest.StringIn in)) {
            throw new UnwritableException("the test " + test + " of " + key);
        }
        TreeSet<String> texts = new TreeSet<>(in.values());
        List<Object> values = new ArrayList<>();
        for (ValueTest typed : tests.subList(1, tests.size())) {
            // A value that was given twice has two tests, but is one text.
            String text = Stream.concat(texts.stream(), in.values().stream().sorted())
                    .filter(candidate -> isTestOf(candidate, typed)).findFirst()
                    .orElseThrow(() -> new UnwritableException("the test " + typed + " of " + key));
            texts.remove(text);
            values.add(text);
        }
        values.addAll(texts);
        return matcher(key, values.size() == 1 ? one : several, values);
    }

    /** Whether a matcher makes this test of the text, besides that of the text itself. */
    private static boolean isTestOf(String text, ValueTest typed) {
        return new Matcher("key", Operator.EQ, List.of(new StringValue(text)))
                .test() instanceof ValueTest.AnyOf any && any.tests().getLast().equals(typed);
    }

    private static Map<String, Object> matcher(String key, Operator operator, List<?> values) {
        Map<String, Object> matcher = new LinkedHashMap<>();
        matcher.put("key", key);
        matcher.put("op", operator.label());
        switch (operator) {
            case EXISTS, NOT_EXISTS -> {
                // They take no value.
            }
            case IN, NOT_IN -> matcher.put("values", values);
            default -> matcher.put("value", values.getFirst());
        }
        return matcher;
    }

    /** A matcher of a number; null for a range with two different bounds. */
    static @Nullable Map<String, Object> range(String key, NumberRange range, BigDecimal unit) {
        BigDecimal min = range.min();
        BigDecimal max = range.max();
        if (min != null && max != null) {
            return min.compareTo(max) == 0 ? bound(key, Operator.EQ, min, unit) : null;
        }
        return min == null
                ? bound(key, range.maxInclusive() ? Operator.LTE : Operator.LT, max, unit)
                : bound(key, range.minInclusive() ? Operator.GTE : Operator.GT, min, unit);
    }

    private static Map<String, Object> bound(String key, Operator operator, @Nullable BigDecimal bound,
            BigDecimal unit) {
        return matcher(key, operator,
                List.of(bound == null ? BigDecimal.ZERO : PolicyTree.plain(bound.divide(unit))));
    }
}
