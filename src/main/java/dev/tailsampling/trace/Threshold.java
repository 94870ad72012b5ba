package dev.tailsampling.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Rejection threshold T of consistent probability sampling: a trace with randomness R is kept when {@code R >= T}.
 * (OpenTelemetry specification, "TraceState: Probability Sampling".) 0 keeps every trace, 2<sup>56</sup> keeps none.
 *
 * @param value 0 … 2<sup>56</sup>, inclusive
 */
public record Threshold(long value) implements Comparable<Threshold> {

    private static final long MAX = 1L << 56;
    private static final int HEX_DIGITS = 14;

    /** Keeps every trace; written {@code th:0}. */
    public static final Threshold ALWAYS = new Threshold(0);

    /** Keeps no trace; it has no text form. */
    public static final Threshold NEVER = new Threshold(MAX);

    public Threshold {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("threshold must be within 0 and 2^56: " + value);
        }
    }

    /**
     * The threshold that keeps a share {@code probability} of all traces: {@code 2^56 − round(p × 2^56)}, computed from
     * the exact value of the double, as the specification's reference does.
     *
     * @param probability 0 … 1, inclusive; a share below 2<sup>-57</sup> keeps none
     * @throws IllegalArgumentException if the share is not a number or outside 0 … 1
     */
    public static Threshold ofProbability(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a sampling probability lies between 0 and 1: " + probability);
        }
        BigDecimal kept = new BigDecimal(probability).multiply(BigDecimal.valueOf(MAX));
        return new Threshold(MAX - kept.setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    /**
     * Reads the value of {@code th}: 1 to 14 lower-case hex digits, missing ones on the right being zeros.
     *
     * @return null if the text is not such a value
     */
    public static @Nullable Threshold parse(String th) {
        if (th.isEmpty() || th.length() > HEX_DIGITS) {
            return null;
        }
        for (int i = 0; i < th.length(); i++) {
            char c = th.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return null;
            }
        }
        return new Threshold(HexFormat.fromHexDigitsToLong(th) << (4 * (HEX_DIGITS - th.length())));
    }

    /** Whether a trace of this randomness is kept. */
    public boolean keeps(long randomness) {
        return randomness >= value;
    }

    /** Share of all traces that is kept, 0 … 1. */
    public double probability() {
        return (double) (MAX - value) / MAX;
    }

    /** How many traces a kept one stands for: 1 / probability; infinite for {@link #NEVER}. */
    public double adjustedCount() {
        return (double) MAX / (MAX - value);
    }

    /**
     * Text for {@code ot=th:…}: lower-case hex without trailing zeros, "0" for {@link #ALWAYS}.
     *
     * @throws IllegalStateException for {@link #NEVER}, which no kept trace can have
     */
    public String th() {
        if (value == MAX) {
            throw new IllegalStateException("a threshold that keeps nothing cannot be written");
        }
        if (value == 0) {
            return "0";
        }
        String digits = HexFormat.of().toHexDigits(value, HEX_DIGITS);
        int end = HEX_DIGITS;
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    /** The stricter of the two. */
    public Threshold max(Threshold other) {
        return value >= other.value ? this : other;
    }

    @Override
    public int compareTo(Threshold other) {
        return Long.compare(value, other.value);
    }
}
