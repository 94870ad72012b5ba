package dev.tailsampling.trace;

import java.util.HexFormat;

/**
 * Randomness R of a trace, 56 bits, against which {@link Threshold}s are held: the explicit {@code rv} of the
 * {@code ot} entry in tracestate, else the low 56 bits of the trace id (W3C Trace Context level 2).
 */
public final class Randomness {

    /** Result of {@link #explicit} when there is no (valid) {@code rv}. */
    public static final long NONE = -1;

    private static final long MASK = (1L << 56) - 1;
    private static final int RV_DIGITS = 14;

    private Randomness() {}

    /** R of a trace without {@code rv}, from bytes 8–15 of its id. */
    public static long ofTraceId(long traceIdLow) {
        return traceIdLow & MASK;
    }

    /**
     * The {@code rv} value in a W3C tracestate header, or {@link #NONE} if it is absent or not exactly 14 lower-case hex
     * digits.
     */
    public static long explicit(String traceState) {
        for (String member : traceState.split(",")) {
            String entry = member.strip();
            if (entry.startsWith("ot=")) {
                return rvOf(entry.substring(3));
            }
        }
        return NONE;
    }

    private static long rvOf(String otValue) {
        for (String field : otValue.split(";")) {
            if (field.startsWith("rv:")) {
                String digits = field.substring(3);
                return isLowerHex(digits) ? HexFormat.fromHexDigitsToLong(digits) : NONE;
            }
        }
        return NONE;
    }

    private static boolean isLowerHex(String digits) {
        return digits.length() == RV_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
