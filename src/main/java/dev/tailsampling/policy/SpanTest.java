package dev.tailsampling.policy;

import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.ottl.OttlResult;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.SpanView;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What must be seen on one span, together with its resource and scope. "Some span of the trace passed" is one bit of the
 * summary; equal tests share it. Immutable.
 */
public sealed interface SpanTest {

    /** Whether the span passes. */
    boolean test(SpanView span);

    /** A value of the span. */
    record Value(ValueSource source, ValueTest test) implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return test.test(source.of(span));
        }
    }

    /** A span without parent. */
    record Root() implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return span.isRoot();
        }
    }

    /** The sampled flag of W3C trace flags. */
    record SampledFlag() implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return (span.flags() & 1) != 0;
        }
    }

    /** An OTTL condition that is true of the span, or of one of its events. */
    record Ottl(OttlCondition condition) implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return condition.test(span) == OttlResult.TRUE;
        }
    }

    /** An OTTL condition that cannot be evaluated on the span. */
    record OttlFailure(OttlCondition condition) implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return condition.test(span) == OttlResult.ERROR;
        }
    }

    /** An event that passes all the tests. */
    record Event(List<ItemTest> tests) implements SpanTest {
        public Event {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean test(SpanView span) {
            return span.eventCount() > 0 && span.anyEvent(this::passes);
        }

        boolean passes(EventView event) {
            for (ItemTest item : tests) {
                AttributeKey key = item.key();
                if (!item.test().test(key == null
                        ? new AttributeValue.StringValue(event.name())
                        : event.attributes().get(key))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A link that passes all the tests. */
    record Link(List<ItemTest> tests) implements SpanTest {
        public Link {
            tests = List.copyOf(tests);
            if (tests.stream().anyMatch(item -> item.key() == null)) {
                throw new IllegalArgumentException("a link has no name");
            }
        }

        @Override
        public boolean test(SpanView span) {
            return span.linkCount() > 0 && span.anyLink(this::passes);
        }

        boolean passes(LinkView link) {
            for (ItemTest item : tests) {
                AttributeKey key = item.key();
                if (key != null && !item.test().test(link.attributes().get(key))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A test of an attribute of an event or a link.
     *
     * @param key the attribute, null for the event's name
     * @param test of its value
     */
    record ItemTest(@Nullable AttributeKey key, ValueTest test) {}

    /** Tests of Refinery's fields, all passed by the span itself, or all by one of its events, or by one of its links. */
    record AnyItem(List<FieldTest> tests) implements SpanTest {
        public AnyItem {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean test(SpanView span) {
            return ofSpan().test(span) || ofParts(span);
        }

        /** The same for the span itself. */
        SpanTest ofSpan() {
            return allOf(tests.stream().<SpanTest>map(test -> new Value(test.fields(), test.test())).toList());
        }

        /** Whether an event or a link passes. */
        boolean ofParts(SpanView span) {
            return span.eventCount() > 0 && span.anyEvent(event -> passes(fields -> fields.of(span, event)))
                    || span.linkCount() > 0 && span.anyLink(link -> passes(fields -> fields.of(span, link)));
        }

        private boolean passes(Function<RefineryFields, @Nullable AttributeValue> values) {
            for (FieldTest test : tests) {
                if (!test.test().test(values.apply(test.fields()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A test of the first of some fields that an item has.
     *
     * @param fields where the value is
     * @param test of it
     */
    record FieldTest(RefineryFields fields, ValueTest test) {}

    /** All of several tests, on the same span. */
    record AllOf(List<SpanTest> tests) implements SpanTest {
        public AllOf {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean test(SpanView span) {
            for (SpanTest test : tests) {
                if (!test.test(span)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One of several tests. */
    record AnyOf(List<SpanTest> tests) implements SpanTest {
        public AnyOf {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean test(SpanView span) {
            for (SpanTest test : tests) {
                if (test.test(span)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The opposite on the same span. */
    record Not(SpanTest test) implements SpanTest {
        @Override
        public boolean test(SpanView span) {
            return !test.test(span);
        }
    }

    /** All of the tests; the one test itself when there is one. */
    static SpanTest allOf(List<SpanTest> tests) {
        return tests.size() == 1 ? tests.getFirst() : new AllOf(tests);
    }

    /** One of the tests; the one test itself when there is one. */
    static SpanTest anyOf(List<SpanTest> tests) {
        return tests.size() == 1 ? tests.getFirst() : new AnyOf(tests);
    }
}
