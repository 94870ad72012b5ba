package dev.tailsampling.trace;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Parts of a span that only some policies look at. Whoever reads spans from columns reads those of the parts that are
 * asked for; the others of a view are then empty, 0 or null. Ids, times, status code and tracestate are always there, and
 * so are the name and the {@code service.name} of a root span.
 */
public enum SpanField {
    /** Name of every span. */
    NAME,
    /** Kind. */
    KIND,
    /** What the span says of its status. */
    STATUS_MESSAGE,
    /** Flags. */
    FLAGS,
    /** The span's own attributes. */
    SPAN_ATTRIBUTES,
    /** Attributes of the resource. */
    RESOURCE_ATTRIBUTES,
    /** Name, version and attributes of the scope. */
    SCOPE,
    /** Events, their number included. */
    EVENTS,
    /** Links, their number included. */
    LINKS,
    /** How many attributes, events and links the sender left out. */
    DROPPED_COUNTS,
    /** The size as an OTLP message to the byte; it is an estimate where this is not asked for. */
    ENCODED_SIZE;

    /** All of them. */
    public static final Set<SpanField> ALL = Collections.unmodifiableSet(EnumSet.allOf(SpanField.class));
}
