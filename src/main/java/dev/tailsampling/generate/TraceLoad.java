package dev.tailsampling.generate;

import java.time.Duration;
import java.time.Instant;

/**
 * A number of traces that start at a steady rate. Equal loads give equal messages.
 *
 * @param seed any number; another seed gives other traces of the same kind
 * @param profile what the traces look like
 * @param traces how many traces start, not counting {@link Profile#specials special ones}; not negative
 * @param arrivals when they start
 */
public record TraceLoad(long seed, Profile profile, long traces, Arrivals arrivals) {

    /** Together these keep all times within what nanoseconds in 64 bits can tell, which ends in 2262. */
    private static final Instant LATEST_START = Instant.parse("2200-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(20 * 365);

    /**
     * When traces start: each somewhere within its own stretch of {@code 1 / tracesPerSecond} seconds.
     *
     * @param start start of the first stretch, from 1970 to 2200
     * @param tracesPerSecond above 0, at most 1,000,000
     */
    public record Arrivals(Instant start, double tracesPerSecond) {

        /** 100 traces a second from 2025-01-01T00:00:00Z on. */
        public static final Arrivals DEFAULT = new Arrivals(Instant.parse("2025-01-01T00:00:00Z"), 100);

        public Arrivals {
            if (start.isBefore(Instant.EPOCH) || start.isAfter(LATEST_START)) {
                throw new IllegalArgumentException("a load starts between 1970 and 2200, not at " + start);
            }
            if (!(tracesPerSecond > 0 && tracesPerSecond <= 1e6)) {
                throw new IllegalArgumentException(
                        "the rate lies between 0 (exclusive) and 1000000 traces a second: " + tracesPerSecond);
            }
        }

        /** Start in nanoseconds since the epoch. */
        long startNanos() {
            return Duration.between(Instant.EPOCH, start).toNanos();
        }
    }

    public TraceLoad {
        if (traces < 0) {
            throw new IllegalArgumentException("the number of traces must not be negative: " + traces);
        }
        if (traces / arrivals.tracesPerSecond() > LONGEST.toSeconds()) {
            throw new IllegalArgumentException("a load lasts at most 20 years: " + traces + " traces at "
                    + arrivals.tracesPerSecond() + " a second");
        }
    }

    /** A load with the default arrivals. */
    public TraceLoad(long seed, Profile profile, long traces) {
        this(seed, profile, traces, Arrivals.DEFAULT);
    }

    /** The same with other arrivals. */
    public TraceLoad with(Arrivals other) {
        return new TraceLoad(seed, profile, traces, other);
    }

    /** How long traces start: the number of traces divided by the rate. */
    public Duration length() {
        return Duration.ofNanos(lengthNanos());
    }

    long lengthNanos() {
        return (long) (traces * (1e9 / arrivals.tracesPerSecond()));
    }

    /** When a trace starts, in nanoseconds since the epoch; rises with the number. */
    long startNanos(long number) {
        double spacing = 1e9 / arrivals.tracesPerSecond();
        double within = new Dice(Dice.key(seed, number)).share();
        return arrivals.startNanos() + (long) ((number + within) * spacing);
    }
}
