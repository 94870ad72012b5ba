package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span, or of its resource or scope, that conditions look at: read in one pass when one of them is
 * asked for, and those of a resource or scope once for all its spans.
 */
final class SpanAttributes implements AttributesView.Receiver {

    private final ValueSource.Owner owner;
    private final List<Source> sources = new ArrayList<>();
    private final List<Source> present = new ArrayList<>();
    private @Nullable AttributeKeys keys;
    private @Nullable AttributesView view;
    private @Nullable TraceSummary summary;
    private long generation = AttributesView.ALWAYS_NEW;
    private long stamp;
    private long readAt = -1;

    SpanAttributes(ValueSource.Owner owner) {
        this.owner = owner;
    }

    /** The source of one more attribute. */
    SpanSource source(AttributeKey key) {
        Source source = new Source(key);
        sources.add(source);
        keys = AttributeKeys.of(sources.stream().map(one -> one.key).toList());
        return source;
    }

    /** Turns to the next span. */
    void moveTo(SpanView span) {
        AttributesView next = switch (owner) {
            case SPAN -> span.attributes();
            case RESOURCE -> span.resource();
            case SCOPE -> span.scope().attributes();
        };
        long nextGeneration = next.generation();
        if (!next.equals(view) || nextGeneration != generation || nextGeneration == AttributesView.ALWAYS_NEW) {
            view = next;
            generation = nextGeneration;
            stamp++;
        }
    }

    /** Asks the conditions that wait for attributes which are there. */
    void fire(TraceSummary trace) {
        if (!isOpenIn(trace)) {
            return;
        }
        summary = owner == ValueSource.Owner.SPAN ? trace : null;
        read();
        summary = null;
        for (int i = 0; i < present.size(); i++) {
            present.get(i).fire(trace);
        }
    }

    private boolean isOpenIn(TraceSummary trace) {
        if (sources.size() > SpanSource.FEW) {
            return true;
        }
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).isOpenIn(trace)) {
                return true;
            }
        }
        return false;
    }

    private void read() {
        AttributesView attributes = view;
        AttributeKeys wanted = keys;
        if (readAt != stamp && attributes != null && wanted != null) {
            readAt = stamp;
            present.clear();
            if (sources.size() == 1) {
                readOne(attributes);
            } else {
                attributes.read(wanted, this);
            }
        }
    }

    /** One key is found faster by itself. */
    private void readOne(AttributesView attributes) {
        AttributeValue value = attributes.get(sources.getFirst().key);
        if (value != null) {
            value(0, value);
        }
    }

    /** A value that came already is not wanted again, nor one on which nothing depends any more. */
    @Override
    public boolean wants(int number) {
        Source source = sources.get(number);
        if (source.knownAt == stamp) {
            return false;
        }
        TraceSummary trace = summary;
        if (trace != null && !source.isOpenIn(trace)) {
            source.leftOutAt = stamp;
            return false;
        }
        return true;
    }

    @Override
    public void value(int number, AttributeValue value) {
        Source source = sources.get(number);
        source.value = value;
        source.knownAt = stamp;
        present.add(source);
    }

    /** One attribute. */
    private final class Source extends SpanSource {
        private final AttributeKey key;
        private @Nullable AttributeValue value;
        private long knownAt = -1;
        private long leftOutAt = -1;

        Source(AttributeKey key) {
            this.key = key;
        }

        @Override
        long stamp() {
            return stamp;
        }

        @Override
        @Nullable
        AttributeValue value() {
            if (knownAt != stamp) {
                read();
            }
            if (knownAt != stamp) {
                AttributesView attributes = view;
                value = leftOutAt == stamp && attributes != null ? attributes.get(key) : null;
                knownAt = stamp;
            }
            return value;
        }
    }
}
