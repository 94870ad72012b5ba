package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The span tests of a policy set, made ready for one thread. On each span every source is read at most once and every
 * distinct test of a value is made at most once, whatever number of conditions they are part of. Conditions that hang on
 * a string being equal to something are found by that string, so that a hundred rules on one key cost one look-up.
 */
final class SpanChecks {

    /** Has a part been evaluated on the present span? It has when its stamp is the present serial number. */
    private long serial;
    private @Nullable SpanView span;
    private final Map<ValueSource, Source> sources = new LinkedHashMap<>();
    private final Map<SpanTest, Check> checks = new LinkedHashMap<>();
    private final List<Condition> unconditional = new ArrayList<>();
    private final List<Source> indexed = new ArrayList<>();

    /** A test that owns a bit. */
    private record Condition(int bit, Check check) {}

    /** Conditions are numbered by their place in the list. */
    SpanChecks(List<SpanTest> conditions) {
        for (int bit = 0; bit < conditions.size(); bit++) {
            SpanTest test = conditions.get(bit);
            Condition condition = new Condition(bit, check(test));
            List<Trigger> triggers = Trigger.of(test);
            if (triggers == null) {
                unconditional.add(condition);
            } else {
                triggers.forEach(trigger -> index(trigger, condition));
            }
        }
    }

    private void index(Trigger trigger, Condition condition) {
        Source source = source(trigger.source());
        if (source.byText.isEmpty()) {
            indexed.add(source);
        }
        trigger.texts().forEach(
                text -> source.byText.computeIfAbsent(text, unseen -> new ArrayList<>()).add(condition));
        source.conditions.add(condition);
    }

    /** Sets the bits of the conditions that the span passes. */
    void test(TraceSummary summary, SpanView current) {
        serial++;
        span = current;
        for (int i = 0; i < unconditional.size(); i++) {
            satisfy(summary, unconditional.get(i));
        }
        for (int i = 0; i < indexed.size(); i++) {
            Source source = indexed.get(i);
            if (source.isOpenIn(summary) && source.value() instanceof StringValue text) {
                List<Condition> found = source.byText.getOrDefault(text.value(), List.of());
                for (int j = 0; j < found.size(); j++) {
                    satisfy(summary, found.get(j));
                }
            }
        }
        span = null;
    }

    private static void satisfy(TraceSummary summary, Condition condition) {
        if (!summary.satisfied(condition.bit()) && condition.check().passes()) {
            summary.satisfy(condition.bit());
        }
    }

    private SpanView span() {
        SpanView current = span;
        if (current == null) {
            throw new IllegalStateException("no span is being tested");
        }
        return current;
    }

    private Source source(ValueSource of) {
        return sources.computeIfAbsent(of, Source::new);
    }

    private Check check(SpanTest test) {
        Check known = checks.get(test);
        if (known == null) {
            known = make(test);
            checks.put(test, known);
        }
        return known;
    }

    private Check make(SpanTest test) {
        return switch (test) {
            case SpanTest.Value value -> {
                Source source = source(value.source());
                yield new Memo(() -> value.test().test(source.value()));
            }
            case SpanTest.AllOf all -> new Each(checks(all.tests()), false);
            case SpanTest.AnyOf any -> new Each(checks(any.tests()), true);
            case SpanTest.Not not -> {
                Check part = check(not.test());
                yield () -> !part.passes();
            }
            case SpanTest.AnyItem item -> {
                Check ofSpan = check(item.ofSpan());
                yield new Memo(() -> ofSpan.passes() || item.ofParts(span()));
            }
            case SpanTest.Root root -> () -> root.test(span());
            case SpanTest.SampledFlag flag -> () -> flag.test(span());
            case SpanTest.Ottl ottl -> new Memo(() -> ottl.test(span()));
            case SpanTest.OttlFailure failure -> new Memo(() -> failure.test(span()));
            case SpanTest.Event event -> new Memo(() -> event.test(span()));
            case SpanTest.Link link -> new Memo(() -> link.test(span()));
        };
    }

    private Check[] checks(List<SpanTest> tests) {
        return tests.stream().map(this::check).toArray(Check[]::new);
    }

    /** A test of the present span. */
    private interface Check {
        boolean passes();
    }

    /** A check that is made at most once on a span. */
    private final class Memo implements Check {
        private final Check check;
        private long stamp;
        private boolean passed;

        Memo(Check check) {
            this.check = check;
        }

        @Override
        public boolean passes() {
            if (stamp != serial) {
                passed = check.passes();
                stamp = serial;
            }
            return passed;
        }
    }

    /** All of several, or one of several: the first part that has the deciding result ends it. */
    private record Each(Check[] parts, boolean deciding) implements Check {
        @Override
        public boolean passes() {
            for (Check part : parts) {
                if (part.passes() == deciding) {
                    return deciding;
                }
            }
            return !deciding;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Each each && deciding == each.deciding && Arrays.equals(parts, each.parts);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(parts);
        }
    }

    /** A value of the present span, read at most once, and the conditions that wait for some text in it. */
    private final class Source {
        /** With more conditions than this, looking the text up is cheaper than asking whether all are satisfied. */
        private static final int FEW = 8;

        private final ValueSource of;
        private final Map<String, List<Condition>> byText = new LinkedHashMap<>();
        private final List<Condition> conditions = new ArrayList<>();
        private long stamp;
        private @Nullable AttributeValue value;

        Source(ValueSource of) {
            this.of = of;
        }

        @Nullable
        AttributeValue value() {
            if (stamp != serial) {
                value = of.of(span());
                stamp = serial;
            }
            return value;
        }

        boolean isOpenIn(TraceSummary summary) {
            if (conditions.size() > FEW) {
                return true;
            }
            for (int i = 0; i < conditions.size(); i++) {
                if (!summary.satisfied(conditions.get(i).bit())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A source with the texts of which it must have one before a test can pass. */
    private record Trigger(ValueSource source, Iterable<String> texts) {

        /** Triggers of which one must be there if the test passes; null when there are no such. */
        static @Nullable List<Trigger> of(SpanTest test) {
            return switch (test) {
                case SpanTest.Value value when value.test() instanceof ValueTest.StringIn in ->
                    List.of(new Trigger(value.source(), in.values()));
                case SpanTest.AllOf all -> ofAll(all.tests());
                case SpanTest.AnyOf any -> ofAny(any.tests());
                default -> null;
            };
        }

        private static @Nullable List<Trigger> ofAll(List<SpanTest> tests) {
            for (SpanTest part : tests) {
                List<Trigger> triggers = of(part);
                if (triggers != null) {
                    return triggers;
                }
            }
            return null;
        }

        private static @Nullable List<Trigger> ofAny(List<SpanTest> tests) {
            List<Trigger> all = new ArrayList<>();
            for (SpanTest part : tests) {
                List<Trigger> triggers = of(part);
                if (triggers == null) {
                    return null;
                }
                all.addAll(triggers);
            }
            return all;
        }
    }
}
