package dev.tailsampling.trace;

/** An event of a span; a cursor like {@link SpanView}. */
public interface EventView {

    /** Name of the event, empty when missing. */
    String name();

    /** When it happened, nanoseconds since the epoch, 0 if missing. */
    long timeUnixNano();

    /** The event's attributes. */
    AttributesView attributes();

    /** Number of attributes that the sender left out, an unsigned 32-bit number. */
    long droppedAttributesCount();
}
