package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import java.util.function.Predicate;

/** The events of the current row; as a view, one of them. Not thread-safe. */
final class EventItems implements EventView {

    private final ItemCount count;
    private final NumberColumn time;
    private final TextColumn name;
    private final ColumnAttributes attributes;
    private final NumberColumn dropped;
    private int item;

    EventItems(ItemCount count, NumberColumn time, TextColumn name, ColumnAttributes attributes,
            NumberColumn dropped) {
        this.count = count;
        this.time = time;
        this.name = name;
        this.attributes = attributes;
        this.dropped = dropped;
    }

    int count() {
        return count.get();
    }

    boolean any(Predicate<EventView> test) {
        int items = count();
        for (item = 0; item < items; item++) {
            attributes.moveTo(item);
            if (test.test(this)) {
                return true;
            }
        }
        return false;
    }

    void writeTo(SpanEncoder encoder) {
        int items = count();
        for (item = 0; item < items; item++) {
            attributes.moveTo(item);
            encoder.beginEvent(timeUnixNano());
            name.utf8(item, encoder::eventName);
            attributes.writeTo(encoder, null);
            encoder.droppedAttributesCount(droppedAttributesCount());
            encoder.endItem();
        }
    }

    @Override
    public String name() {
        return name.value(item);
    }

    @Override
    public long timeUnixNano() {
        return time.nanos(item);
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }

    @Override
    public long droppedAttributesCount() {
        return Integer.toUnsignedLong((int) dropped.value(item));
    }
}
