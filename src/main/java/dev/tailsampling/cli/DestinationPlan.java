package dev.tailsampling.cli;

import dev.tailsampling.selector.TraceExporter;
import java.util.function.Supplier;

/**
 * A destination that is to be had.
 *
 * @param name of its exporter, by which routes and metrics know it
 * @param place where it is, in words
 * @param opener of its exporter; connects to nothing yet
 * @param sharing who may use one exporter
 * @param guard whether it is left alone for a while when it is away
 */
record DestinationPlan(String name, String place, Supplier<TraceExporter> opener, Sharing sharing, Guard guard) {

    /** Who may use one exporter. */
    enum Sharing {
        /** One user: groups matter to it. */
        NOBODY,
        /** All users of the same place, one batch at a time. */
        IN_TURN,
        /** All users of the same place, several batches at a time: it is thread-safe. */
        AT_ONCE
    }

    /** What is done about a destination that is away. */
    enum Guard {
        /** It answers at once whether it is there. */
        NONE,
        /** Nobody waits for it after some failures. */
        BREAKER
    }

    /** The same for plans that can share an exporter. */
    String key() {
        return name + " " + place;
    }
}
