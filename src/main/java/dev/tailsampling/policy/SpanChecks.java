package dev.tailsampling.policy;

import dev.tailsampling.policy.SpanSource.Check;
import dev.tailsampling.policy.SpanSource.SpanCondition;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The span tests of a policy set, made ready for one thread. A condition waits for a value without which it cannot hold
 * ({@link SpanTrigger}), so that what a span costs depends on what the span has, not on how many conditions there are: a
 * hundred rules on one key cost one look-up. Every value is read at most once, and every distinct test of it made at
 * most once: on each span, or on each resource and scope for what is theirs.
 */
final class SpanChecks {

    private long serial;
    private @Nullable SpanView span;
    private final Map<ValueSource, SpanSource> sources = new HashMap<>();
    private final Map<SpanTest, Check> checks = new HashMap<>();
    private final Map<ValueSource.Owner, SpanAttributes> byOwner = new EnumMap<>(ValueSource.Owner.class);
    private final List<SpanCondition> unconditional = new ArrayList<>();
    private final List<SpanSource> fields = new ArrayList<>();
    private final List<SpanAttributes> attributes;

    /** Conditions are numbered by their place in the list. */
    SpanChecks(List<SpanTest> conditions) {
        for (int bit = 0; bit < conditions.size(); bit++) {
            SpanTest test = conditions.get(bit);
            SpanCondition condition = new SpanCondition(bit, check(test));
            List<SpanTrigger> triggers = SpanTrigger.of(test);
            if (triggers == null) {
                unconditional.add(condition);
            } else {
                triggers.forEach(trigger -> source(trigger.source()).add(trigger, condition));
            }
        }
        sources.forEach((of, source) -> {
            if (source.isTrigger() && !(of instanceof ValueSource.Attribute)) {
                fields.add(source);
            }
        });
        attributes = List.copyOf(byOwner.values());
    }

    /** Sets the bits of the conditions that the span passes. */
    void test(TraceSummary summary, SpanView current) {
        serial++;
        span = current;
        for (int i = 0; i < attributes.size(); i++) {
            attributes.get(i).moveTo(current);
        }
        for (int i = 0; i < attributes.size(); i++) {
            attributes.get(i).fire(summary);
        }
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).isOpenIn(summary)) {
                fields.get(i).fire(summary);
            }
        }
        for (int i = 0; i < unconditional.size(); i++) {
            unconditional.get(i).ask(summary);
        }
        span = null;
    }

    private SpanView span() {
        SpanView current = span;
        if (current == null) {
            throw new IllegalStateException("no span is being tested");
        }
        return current;
    }

    private SpanSource source(ValueSource of) {
        SpanSource known = sources.get(of);
        if (known == null) {
            known = switch (of) {
                case ValueSource.Attribute attribute -> byOwner
                        .computeIfAbsent(attribute.owner(), SpanAttributes::new).source(attribute.key());
                case ValueSource.FirstOf first -> new First(first.sources().stream().map(this::source).toList());
                case ValueSource.Field field -> new Plain(field);
                case ValueSource.TraceStateEntry entry -> new Plain(entry);
                case RefineryFields refinery -> new Plain(refinery);
            };
            sources.put(of, known);
        }
        return known;
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
            case SpanTest.Value value -> new ValueCheck(source(value.source()), value.test());
            case SpanTest.AllOf all -> new Each(checks(all.tests()), false);
            case SpanTest.AnyOf any -> new Each(checks(any.tests()), true);
            case SpanTest.Not not -> {
                Check part = check(not.test());
                yield () -> !part.passes();
            }
            case SpanTest.AnyItem item -> {
                Check ofSpan = check(item.ofSpan());
                yield new OncePerSpan(() -> ofSpan.passes() || item.ofParts(span()));
            }
            case SpanTest.Root root -> () -> root.test(span());
            case SpanTest.SampledFlag flag -> () -> flag.test(span());
            case SpanTest.Ottl ottl -> new OncePerSpan(() -> ottl.test(span()));
            case SpanTest.OttlFailure failure -> new OncePerSpan(() -> failure.test(span()));
            case SpanTest.Event event -> new OncePerSpan(() -> event.test(span()));
            case SpanTest.Link link -> new OncePerSpan(() -> link.test(span()));
        };
    }

    private List<Check> checks(List<SpanTest> tests) {
        return tests.stream().map(this::check).toList();
    }

    /** A test of a value, made again only when the value may be another one. */
    private static final class ValueCheck implements Check {
        private final SpanSource source;
        private final ValueTest test;
        private long stamp = -1;
        private boolean passed;

        ValueCheck(SpanSource source, ValueTest test) {
            this.source = source;
            this.test = test;
        }

        @Override
        public boolean passes() {
            if (stamp != source.stamp()) {
                passed = test.test(source.value());
                stamp = source.stamp();
            }
            return passed;
        }
    }

    /** A check that is made at most once on a span. */
    private final class OncePerSpan implements Check {
        private final Check check;
        private long stamp = -1;
        private boolean passed;

        OncePerSpan(Check check) {
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
    private record Each(List<Check> parts, boolean deciding) implements Check {
        @Override
        public boolean passes() {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).passes() == deciding) {
                    return deciding;
                }
            }
            return !deciding;
        }
    }

    /** What is no attribute. */
    private final class Plain extends SpanSource {
        private final ValueSource of;
        private long knownAt = -1;
        private @Nullable AttributeValue value;

        Plain(ValueSource of) {
            this.of = of;
        }

        @Override
        long stamp() {
            return serial;
        }

        @Override
        @Nullable
        AttributeValue value() {
            if (knownAt != serial) {
                value = of.of(span());
                knownAt = serial;
            }
            return value;
        }
    }

    /** The first of several that there is. */
    private final class First extends SpanSource {
        private final List<SpanSource> inner;

        First(List<SpanSource> inner) {
            this.inner = inner;
        }

        @Override
        long stamp() {
            return serial;
        }

        @Override
        @Nullable
        AttributeValue value() {
            for (int i = 0; i < inner.size(); i++) {
                AttributeValue value = inner.get(i).value();
                if (value != null) {
                    return value;
                }
            }
            return null;
        }
    }
}
