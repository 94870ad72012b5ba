package dev.tailsampling.generate;

import dev.tailsampling.trace.TraceId;
import org.jspecify.annotations.Nullable;

/**
 * What all spans of a trace have in common.
 *
 * @param traceState W3C tracestate, or null for none
 * @param spanKey from which the ids of its spans are derived
 */
record TraceIdentity(TraceId id, @Nullable String traceState, long spanKey) {

    /** Id of the span of this number; distinct for distinct numbers. */
    long spanId(int number) {
        return Dice.key(spanKey, number);
    }
}
