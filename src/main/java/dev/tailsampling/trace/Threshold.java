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
    private static final double SMALLEST_PROBABILITY = 0x1p-56;
    private static final int HEX_DIGITS = 14;
    private static final int HEX_BITS = 4;

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
     * @param probability 2<sup>-56</sup> … 1, inclusive: to keep none is no probability sampling ({@link #ofShare})
     * @throws IllegalArgumentException if the probability is not a number or outside that range
     */
    public static Threshold ofProbability(double probability) {
        return ofProbability(probability, HEX_DIGITS);
    }

    /**
     * The same, rounded to few hex digits, as SDKs write it: 1/3 in 4 digits is {@code aaab}. Digits that say little,
     * an {@code f} or 0 in front, do not count: 1/1000 in 4 digits is {@code ffbe77}.
     *
     * @param hexDigits 1 … 14
     * @throws IllegalArgumentException if the probability is not within 2<sup>-56</sup> and 1, or the digits not within
     *     1 and 14
     */
    public static Threshold ofProbability(double probability, int hexDigits) {
        if (!(probability >= SMALLEST_PROBABILITY && probability <= 1)) {
            throw new IllegalArgumentException("a sampling probability lies between 2^-56 and 1: " + probability);
        }
        if (hexDigits < 1 || hexDigits > HEX_DIGITS) {
            throw new IllegalArgumentException("a threshold has 1 to 14 hex digits, not " + hexDigits);
        }
        BigDecimal kept = new BigDecimal(probability).multiply(BigDecimal.valueOf(MAX));
        long exact = MAX - kept.setScale(0, RoundingMode.HALF_UP).longValueExact();
        int digits = hexDigits + Math.max(plainDigits(probability), plainDigits(1 - probability));
        return new Threshold(rounded(exact, digits));
    }

    /** How many hex digits of a fraction are 0. For 0 itself, more than there can be. */
    private static int plainDigits(double fraction) {
        return (-1 - Math.getExponent(fraction)) / HEX_BITS;
    }

    private static long rounded(long value, int digits) {
        if (digits >= HEX_DIGITS) {
            return value;
        }
        long unit = 1L << HEX_BITS * (HEX_DIGITS - digits);
        return (value + unit / 2) & -unit;
    }

    /**
     * The threshold of a share that may be none.
     *
     * @param share 0 … 1, inclusive; less than the smallest probability, 2<sup>-56</sup>, is none
     * @throws IllegalArgumentException if the share is not a number or outside 0 … 1
     */
    public static Threshold ofShare(double share) {
        return share >= 0 && share < SMALLEST_PROBABILITY ? NEVER : ofProbability(share);
    }

    /**
     * The threshold of what an equalizing sampler lets through: the stricter one of its own and of those before it, which
     * cannot be undone. (Specification, "Equalizing downstream sampler" and "General requirements".)
     *
     * @param incoming what samplers before have applied; null if none has, or none has told
     * @param randomness R to which they have applied it
     * @param decided what this sampler has applied; null if it keeps for another reason than probability
     * @return null if the probability is unknown: {@code decided} is null, or R contradicts {@code incoming}
     */
    public static @Nullable Threshold equalized(@Nullable Threshold incoming, long randomness,
            @Nullable Threshold decided) {
        if (decided == null || incoming == null) {
            return decided;
        }
        return incoming.keeps(randomness) ? incoming.max(decided) : null;
    }

    /**
     * Reads the value of {@code th}: 1 to 14 lower-case hex digits, missing ones on the right being zeros.
     *
     * @return null if the text is not such a value
     */
    public static @Nullable Threshold parse(String th) {
        if (th.isEmpty() || th.length() > HEX_DIGITS || !Ascii.isLowerHex(th)) {
            return null;
        }
        return new Threshold(HexFormat.fromHexDigitsToLong(th) << (HEX_BITS * (HEX_DIGITS - th.length())));
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
