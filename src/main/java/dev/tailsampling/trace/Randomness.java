package dev.tailsampling.trace;

import java.util.HexFormat;

/**
 * Randomness R of a trace, 56 bits, against which {@link Threshold}s are held: the explicit {@code rv} of the
 * {@code ot} entry in tracestate, else the low 56 bits of the trace id (W3C Trace Context level 2).
 */
public final class Randomness {

    /** Stands for an {@code rv} that is absent. */
    public static final long NONE = -1;

    private static final long MASK = (1L << 56) - 1;
    private static final int HEX_DIGITS = 14;

    private Randomness() {}

    /** R of a trace without {@code rv}, from bytes 8–15 of its id. */
    public static long ofTraceId(long traceIdLow) {
        return traceIdLow & MASK;
    }

    /** Reads the value of {@code rv}: exactly 14 lower-case hex digits, or else {@link #NONE}. */
    public static long parse(String rv) {
        return rv.length() == HEX_DIGITS && Ascii.isLowerHex(rv) ? HexFormat.fromHexDigitsToLong(rv) : NONE;
    }

    /** The 14 lower-case hex digits of R. */
    public static String hex(long randomness) {
        return HexFormat.of().toHexDigits(randomness, HEX_DIGITS);
    }
}
