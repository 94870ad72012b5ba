package dev.tailsampling.ottl;

import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.SpanView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a condition is about: a span, or one of its events. */
record Subject(SpanView span, @Nullable EventView spanEvent) {

    /** The event; only conditions on events ask for it. */
    EventView event() {
        return Objects.requireNonNull(spanEvent);
    }
}
