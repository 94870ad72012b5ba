package dev.tailsampling.policy;

import dev.tailsampling.trace.SpanField;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Collects which parts of spans a policy set looks at. Mutable, not thread-safe. */
final class RequiredFields {

    private final Set<SpanField> fields = EnumSet.noneOf(SpanField.class);

    /** The parts collected so far. */
    Set<SpanField> collected() {
        return Collections.unmodifiableSet(EnumSet.copyOf(fields));
    }

    /** What a summary counts for this number. */
    void add(TraceNumber number) {
        switch (number) {
            case DURATION_NANOS, SPAN_COUNT -> {
                // Every span has its times.
            }
            case BYTE_COUNT -> fields.add(SpanField.ENCODED_SIZE);
            case ITEM_COUNT -> fields.addAll(List.of(SpanField.EVENTS, SpanField.LINKS));
        }
    }

    /** What a test looks at. */
    void add(SpanTest test) {
        switch (test) {
            case SpanTest.Value value -> add(value.source());
            case SpanTest.Root ignored -> {
                // Every span has its parent's id.
            }
            case SpanTest.SampledFlag ignored -> fields.add(SpanField.FLAGS);
            case SpanTest.Ottl ottl -> fields.addAll(ottl.condition().fields());
            case SpanTest.OttlFailure failure -> fields.addAll(failure.condition().fields());
            case SpanTest.Event ignored -> fields.add(SpanField.EVENTS);
            case SpanTest.Link ignored -> fields.add(SpanField.LINKS);
            case SpanTest.AnyItem item -> {
                fields.addAll(List.of(SpanField.EVENTS, SpanField.LINKS));
                item.tests().forEach(field -> add(field.fields()));
            }
            case SpanTest.AllOf all -> all.tests().forEach(this::add);
            case SpanTest.AnyOf any -> any.tests().forEach(this::add);
            case SpanTest.Not not -> add(not.test());
        }
    }

    /** Where a value is read. */
    void add(ValueSource source) {
        switch (source) {
            case ValueSource.Attribute attribute -> fields.add(switch (attribute.owner()) {
                case SPAN -> SpanField.SPAN_ATTRIBUTES;
                case RESOURCE -> SpanField.RESOURCE_ATTRIBUTES;
                case SCOPE -> SpanField.SCOPE;
            });
            case ValueSource.Field field -> add(field);
            case ValueSource.TraceStateEntry ignored -> {
                // Every span has its tracestate.
            }
            case ValueSource.FirstOf first -> first.sources().forEach(this::add);
            case RefineryFields refinery -> {
                fields.addAll(List.of(SpanField.SPAN_ATTRIBUTES, SpanField.SCOPE, SpanField.RESOURCE_ATTRIBUTES));
                refinery.keys().forEach(key -> fields.addAll(RefineryIntake.fields(key.name())));
            }
        }
    }

    private void add(ValueSource.Field field) {
        switch (field) {
            case NAME -> fields.add(SpanField.NAME);
            case KIND -> fields.add(SpanField.KIND);
            case STATUS_MESSAGE -> fields.add(SpanField.STATUS_MESSAGE);
            case SCOPE_NAME, SCOPE_VERSION -> fields.add(SpanField.SCOPE);
            case EVENT_COUNT -> fields.add(SpanField.EVENTS);
            case LINK_COUNT -> fields.add(SpanField.LINKS);
            case STATUS, DURATION_NANOS, SPAN_ID, PARENT_SPAN_ID, TRACE_ID, TRACE_STATE -> {
                // Every span has them.
            }
        }
    }

    /** A value that is read on root spans only: their name and service are always there. */
    void addOfRoot(ValueSource source) {
        boolean always = source == ValueSource.Field.NAME || source instanceof ValueSource.Attribute attribute
                && attribute.owner() == ValueSource.Owner.RESOURCE && attribute.key().name().equals("service.name");
        if (!always) {
            add(source);
        }
    }
}
