package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span that say what it is, found in one pass: the span's own, else those of its resource. Reusable;
 * not thread-safe.
 */
final class SemanticAttributes implements AttributesView.Receiver {

    private static final AttributeKeys KEYS =
            AttributeKeys.of(Arrays.stream(SemanticAttribute.values()).map(SemanticAttribute::key).toList());

    private final @Nullable AttributeValue[] values = new AttributeValue[SemanticAttribute.values().length];

    /** Moves on to another span. */
    void read(SpanView span) {
        Arrays.fill(values, null);
        span.attributes().read(KEYS, this);
        span.resource().read(KEYS, this);
    }

    @Override
    public boolean wants(int number) {
        return values[number] == null;
    }

    @Override
    public void value(int number, AttributeValue value) {
        values[number] = value;
    }

    /** The value as text, empty when there is none. */
    String text(SemanticAttribute attribute) {
        AttributeValue value = values[attribute.ordinal()];
        return value == null ? "" : AttributeTexts.text(value);
    }

    /** The value of the first of two keys that has one, as text. */
    String text(SemanticAttribute first, SemanticAttribute second) {
        String text = text(first);
        return text.isEmpty() ? text(second) : text;
    }

    /** The value as a tag's value, empty when there is none. */
    String tag(SemanticAttribute attribute) {
        return TagText.value(text(attribute));
    }

    String tag(SemanticAttribute first, SemanticAttribute second) {
        return TagText.value(text(first, second));
    }
}
