package dev.tailsampling.trace;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One span as the engine reads it. An implementation may be a cursor over bytes that moves on to the next span, so a
 * view is valid only during the call that received it, and on that thread.
 *
 * <p>Times are nanoseconds since the Unix epoch; 0 means that the sender left the time out.
 */
public interface SpanView {

    /** Bytes 0–7 of the trace id, big-endian. */
    long traceIdHigh();

    /** Bytes 8–15 of the trace id, big-endian. */
    long traceIdLow();

    /** The span id, big-endian. */
    long spanId();

    /** The parent's span id, or 0 for a root span. */
    long parentSpanId();

    /** Start in nanoseconds since the epoch, 0 if missing. */
    long startUnixNano();

    /** End in nanoseconds since the epoch, 0 if missing. */
    long endUnixNano();

    /** The span's status code. */
    StatusCode status();

    /** What the span says of the status in words, empty when nothing; decoded when asked for. */
    String statusMessage();

    /** The span's kind. */
    SpanKind kind();

    /** Flags as on the wire: the W3C trace flags are the low 8 bits; above them, OTLP's own. */
    int flags();

    /** The span's name; decoded when asked for. */
    String name();

    /** W3C tracestate of the span, null when empty; decoded when asked for. */
    @Nullable
    String traceState();

    /** Size of the span as an OTLP protobuf message, in bytes, without its resource and scope. */
    int encodedSize();

    /** The span's own attributes. */
    AttributesView attributes();

    /** Attributes of the resource that produced the span. The same object for all spans of one resource. */
    AttributesView resource();

    /** The instrumentation scope that made the span. The same object for all spans of one scope. */
    ScopeView scope();

    /** Number of events on the span. */
    int eventCount();

    /** Number of links on the span. */
    int linkCount();

    /** Number of attributes that the sender left out, an unsigned 32-bit number. */
    long droppedAttributesCount();

    /** Number of events that the sender left out, an unsigned 32-bit number. */
    long droppedEventsCount();

    /** Number of links that the sender left out, an unsigned 32-bit number. */
    long droppedLinksCount();

    /** Whether some event of the span passes; the view given to the test is valid during that call only. */
    boolean anyEvent(Predicate<EventView> test);

    /** Whether some link of the span passes; the view given to the test is valid during that call only. */
    boolean anyLink(Predicate<LinkView> test);

    /** A span without parent is the root of its trace. */
    default boolean isRoot() {
        return parentSpanId() == 0;
    }

    /** Copy of the trace id as a value. */
    default TraceId traceId() {
        return new TraceId(traceIdHigh(), traceIdLow());
    }
}
