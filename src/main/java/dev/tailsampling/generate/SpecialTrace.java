package dev.tailsampling.generate;

import dev.tailsampling.trace.TraceId;
import java.time.Duration;

/** One more trace of a known id and an exactly known shape, started with the load. */
public sealed interface SpecialTrace {

    /** The trace's id. */
    TraceId id();

    /**
     * Many spans, spread evenly over the time in which the load's traces start.
     *
     * @param spans exact number of spans, at least 2
     */
    record Giant(int spans) implements SpecialTrace {
        public Giant {
            if (spans < 2) {
                throw new IllegalArgumentException("a giant trace has at least 2 spans, not " + spans);
            }
        }

        @Override
        public TraceId id() {
            return TraceGenerator.GIANT_ID;
        }
    }

    /**
     * Bursts of equal length with silences of equal length in between; as many silences as fit. With 4 hours and
     * silences of 50 minutes: 5 bursts of 8 minutes and 4 silences.
     *
     * @param total from the root's start to its end, at least a microsecond
     * @param silence time between the end of a burst's last span and that of the next burst's first one; above 0, less
     *     than {@code total}
     */
    record Marathon(Duration total, Duration silence) implements SpecialTrace {
        public Marathon {
            if (!silence.isPositive() || total.compareTo(silence) <= 0) {
                throw new IllegalArgumentException(
                        "a silence must be longer than 0 and shorter than the whole trace: " + silence + " of "
                                + total);
            }
        }

        @Override
        public TraceId id() {
            return TraceGenerator.MARATHON_ID;
        }
    }
}
