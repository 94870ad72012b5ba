package dev.tailsampling.trace;

import java.util.HexFormat;

/**
 * A 128-bit trace id, compared as an unsigned big-endian number, which is also the order of its hex text.
 *
 * @param high bytes 0–7, big-endian
 * @param low bytes 8–15, big-endian
 */
public record TraceId(long high, long low) implements Comparable<TraceId> {

    private static final HexFormat HEX = HexFormat.of();

    /**
     * Parses a hex id as OTLP/JSON and W3C Trace Context write it; 16 digits (64-bit ids of older systems) are padded
     * with zeros on the left.
     *
     * @param hex 32 or 16 hex digits, either case
     * @throws IllegalArgumentException if the text has another length or a character that is no hex digit
     */
    public static TraceId parse(String hex) {
        return switch (hex.length()) {
            case 32 -> new TraceId(HexFormat.fromHexDigitsToLong(hex, 0, 16),
                    HexFormat.fromHexDigitsToLong(hex, 16, 32));
            case 16 -> new TraceId(0, HexFormat.fromHexDigitsToLong(hex));
            default -> throw new IllegalArgumentException(
                    "a trace id has 32 (or 16) hex digits, this one has " + hex.length() + ": " + hex);
        };
    }

    /** All bits zero: invalid by the OpenTelemetry specification. */
    public boolean isZero() {
        return (high | low) == 0;
    }

    /** The 32 lower-case hex digits. */
    public String hex() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    @Override
    public int compareTo(TraceId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Written out, as a record's own is linked at run time, which shows where millions of ids are looked up. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TraceId id && high == id.high && low == id.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * high + low);
    }

    @Override
    public String toString() {
        return hex();
    }
}
