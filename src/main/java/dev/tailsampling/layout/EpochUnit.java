package dev.tailsampling.layout;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Unit of a number that counts from the epoch, or of a duration. */
public enum EpochUnit {
    NS(1), US(1_000), MS(1_000_000), S(1_000_000_000);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long nanos;

    EpochUnit(long nanos) {
        this.nanos = nanos;
    }

    /** The name as mapping files spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The unit in which values of a column are stored: a timestamp's own, whatever was said, else the stated one.
     *
     * @param stated unit of numbers
     */
    public static EpochUnit of(ColumnType type, EpochUnit stated) {
        return switch (type) {
            case TIMESTAMP, TIMESTAMPTZ -> US;
            case TIMESTAMP_NS, TIMESTAMPTZ_NS -> NS;
            default -> stated;
        };
    }

    /** A value in nanoseconds; what lies beyond 64 bits is held at the nearest that does not. */
    public long toNanos(long value) {
        return times(value, nanos);
    }

    /** A value in milliseconds, rounded down; what lies beyond 64 bits is held at the nearest that does not. */
    public long toMillis(long value) {
        return switch (this) {
            case NS, US, MS -> Math.floorDiv(value, NANOS_PER_MILLI / nanos);
            case S -> times(value, nanos / NANOS_PER_MILLI);
        };
    }

    private static long times(long value, long factor) {
        long high = Math.multiplyHigh(value, factor);
        long low = value * factor;
        boolean fits = high == 0 && low >= 0 || high == -1 && low < 0;
        return fits ? low : value < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The least value that lies within a millisecond or after it, held within 64 bits. */
    public long firstOfMillis(long millis) {
        return this == S ? -Math.floorDiv(-millis, 1_000) : saturated(millis, NANOS_PER_MILLI / nanos, 0);
    }

    /** The greatest value that lies within a millisecond or before it, held within 64 bits. */
    public long lastOfMillis(long millis) {
        return this == S
                ? Math.floorDiv(millis, 1_000)
                : saturated(millis, NANOS_PER_MILLI / nanos, NANOS_PER_MILLI / nanos - 1);
    }

    private static long saturated(long millis, long perMilli, long add) {
        if (millis > (Long.MAX_VALUE - add) / perMilli) {
            return Long.MAX_VALUE;
        }
        return millis < Long.MIN_VALUE / perMilli ? Long.MIN_VALUE : millis * perMilli + add;
    }

    /** The unit of that name, null if there is none. */
    public static @Nullable EpochUnit ofWord(String word) {
        for (EpochUnit unit : values()) {
            if (unit.word().equals(word)) {
                return unit;
            }
        }
        return null;
    }
}
