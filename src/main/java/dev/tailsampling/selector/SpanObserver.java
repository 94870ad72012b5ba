package dev.tailsampling.selector;

import dev.tailsampling.trace.SpanView;

/** Looks at every span that is read, whatever is decided of its trace. Called on the reading thread. */
@FunctionalInterface
public interface SpanObserver {

    /** Takes no interest in spans. */
    SpanObserver NONE = span -> {};

    /** One span; the view is valid only during the call. */
    void observe(SpanView span);
}
