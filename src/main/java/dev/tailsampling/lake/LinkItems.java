package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.LinkView;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The links of the current row; as a view, one of them. Not thread-safe. */
final class LinkItems implements LinkView {

    /**
     * Columns of links.
     *
     * @param traceIds trace ids of the linked spans
     * @param spanIds span ids of the linked spans
     * @param traceStates their tracestates
     * @param dropped how many attributes the sender left out
     * @param flags flags
     */
    record Fields(IdColumn traceIds, IdColumn spanIds, TextColumn traceStates, NumberColumn dropped,
            NumberColumn flags) {}

    private final ItemCount count;
    private final Fields fields;
    private final ColumnAttributes attributes;
    private int item;

    LinkItems(ItemCount count, Fields fields, ColumnAttributes attributes) {
        this.count = count;
        this.fields = fields;
        this.attributes = attributes;
    }

    int count() {
        return count.get();
    }

    boolean any(Predicate<LinkView> test) {
        int items = count();
        for (item = 0; item < items; item++) {
            turnTo();
            if (test.test(this)) {
                return true;
            }
        }
        return false;
    }

    /** An id that cannot be read counts as 0. */
    private void turnTo() {
        fields.traceIds().read(item);
        fields.spanIds().read(item);
        attributes.moveTo(item);
    }

    void writeTo(SpanEncoder encoder) {
        int items = count();
        for (item = 0; item < items; item++) {
            turnTo();
            encoder.beginLink(traceIdHigh(), traceIdLow(), spanId());
            fields.traceStates().utf8(item, encoder::traceState);
            attributes.writeTo(encoder, null);
            encoder.droppedAttributesCount(fields.dropped().value(item));
            encoder.linkFlags((int) fields.flags().value(item));
            encoder.endItem();
        }
    }

    @Override
    public long traceIdHigh() {
        return fields.traceIds().high();
    }

    @Override
    public long traceIdLow() {
        return fields.traceIds().low();
    }

    @Override
    public long spanId() {
        return fields.spanIds().low();
    }

    @Override
    public @Nullable String traceState() {
        String text = fields.traceStates().value(item);
        return text.isEmpty() ? null : text;
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }
}
