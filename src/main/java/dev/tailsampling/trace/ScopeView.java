package dev.tailsampling.trace;

/** The instrumentation scope of a span, decoded when asked for. */
public interface ScopeView {

    /** Name of the scope, empty when missing. */
    String name();

    /** Version of the scope, empty when missing. */
    String version();

    /** The scope's attributes. */
    AttributesView attributes();

    /** Number of attributes that the sender left out, an unsigned 32-bit number. */
    long droppedAttributesCount();
}
