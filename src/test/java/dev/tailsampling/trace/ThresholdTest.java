package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {

    private static final double SMALLEST = 0x1p-56;

    /** Texts as the specification writes them. */
    @ParameterizedTest
    @CsvSource({"1, 0", "0.5, 8", "0.25, c", "0.75, 4", "0.125, e", "0.0625, f", "0x1p-56, ffffffffffffff",
            "0x1.8p-56, fffffffffffffe"})
    void probability_hasItsText(double probability, String th) {
        assertThat(Threshold.ofProbability(probability).th()).isEqualTo(th);
    }

    /** Taking 1 − p in doubles first would give another last digit. */
    @Test
    void oneThird_isComputedFromTheExactDouble() {
        assertThat(Threshold.ofProbability(1.0 / 3).th()).isEqualTo("aaaaaaaaaaaaac");
    }

    @Test
    void noShare_keepsNothing() {
        assertThat(Threshold.ofShare(0)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofShare(-0.0)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofShare(Double.MIN_VALUE)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofShare(Math.nextDown(SMALLEST))).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofShare(SMALLEST)).isEqualTo(new Threshold((1L << 56) - 1));
        assertThat(Threshold.ofShare(1)).isEqualTo(Threshold.ALWAYS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void noProbabilityAtAll_isRefused(double probability) {
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(probability));
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofShare(probability));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 0x1p-57, Double.MIN_VALUE})
    void probabilityBelowTheSmallest_isRefused(double probability) {
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(probability))
                .withMessageContaining("between 2^-56 and 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(probability, 4));
    }

    /** 1 in N at 3, 4 and 5 digits: the table in the specification. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0, 0", "2, 8, 8, 8", "3, aab, aaab, aaaab", "4, c, c, c", "5, ccd, cccd, ccccd", "8, e, e, e",
            "10, e66, e666, e6666", "16, f, f, f", "100, fd71, fd70a, fd70a4", "1000, ffbe7, ffbe77, ffbe76d",
            "10000, fff972, fff9724, fff97247", "100000, ffff584, ffff583a, ffff583a5",
            "1000000, ffffef4, ffffef39, ffffef391"})
    void fewDigits_areThoseOfTheSpecification(int oneIn, String three, String four, String five) {
        assertThat(Threshold.ofProbability(1.0 / oneIn, 3).th()).isEqualTo(three);
        assertThat(Threshold.ofProbability(1.0 / oneIn, 4).th()).isEqualTo(four);
        assertThat(Threshold.ofProbability(1.0 / oneIn, 5).th()).isEqualTo(five);
    }

    /** Near 1 zeros in front do not count, as in the Collector; the specification's reference is silent there. */
    @ParameterizedTest
    @CsvSource({"0x456789a.0p-28, 6, 45678a", "0x456789a.0p-28, 3, 456", "0x456789a.0p-28, 1, 4",
            "0x456789a.0p-40, 6, 00045678a", "0x456789a.0p-40, 5, 00045679", "0x456789a.0p-40, 1, 0004",
            "0x789abcdef.0p-40, 9, 0789abcdef", "0x789abcdef.0p-40, 4, 0789b", "0x789abcdef.0p-40, 1, 08",
            "0x12345678.0p-32, 7, 1234568", "0x12345678.0p-32, 1, 1", "0x80801.0p-28, 3, 00808",
            "0x80801.0p-28, 1, 008", "0x0p0, 1, 0"})
    void fewDigitsOfOneMinus(double rejected, int digits, String th) {
        assertThat(Threshold.ofProbability(1 - rejected, digits).th()).isEqualTo(th);
    }

    @ParameterizedTest
    @CsvSource({"0x1p-56, ffffffffffffff", "0x2p-56, fffffffffffffe", "0x3p-56, fffffffffffffd",
            "0x8p-56, fffffffffffff8", "0x10p-56, fffffffffffff"})
    void theSmallestProbabilities_areExactInAnyDigits(double probability, String th) {
        for (int digits = 1; digits <= 14; digits++) {
            assertThat(Threshold.ofProbability(probability, digits).th()).isEqualTo(th);
        }
    }

    @Test
    void fewDigits_areAsNearAsTheyCanBe() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            double probability = random.nextDouble(0.5, 1) * Math.pow(2, -random.nextInt(50));
            int digits = 1 + random.nextInt(14);
            Threshold few = Threshold.ofProbability(probability, digits);

            assertThat(few.probability()).isCloseTo(probability,
                    within(probability * 0.5 * Math.pow(16, 1 - digits) + SMALLEST));
            assertThat(few.compareTo(Threshold.NEVER)).isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 15})
    void noNumberOfDigits_isRefused(int digits) {
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(0.5, digits));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, (1L << 56) + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void valueOutOfRange_isRefused(long value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Threshold(value));
    }

    @Test
    void never_hasNoText() {
        assertThatIllegalStateException().isThrownBy(Threshold.NEVER::th);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "00, 0", "8, 80000000000000", "80, 80000000000000", "08, 08000000000000",
            "ffffffffffffff, ffffffffffffff", "aaab, aaab0000000000", "fd70a, fd70a000000000"})
    void text_isRead(String th, String digits) {
        assertThat(Threshold.parse(th)).isEqualTo(new Threshold(Long.parseLong(digits, 16)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "A", "8 ", " 8", "-1", "+1", "0x8", "g", "8.", "100000000000000", "fffffffffffffff", "٣"})
    void otherText_isNotRead(String th) {
        assertThat(Threshold.parse(th)).isNull();
    }

    @Test
    void textRoundTrips() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            Threshold threshold = new Threshold(random.nextLong(1L << 56) & -1L << random.nextInt(56));

            assertThat(Threshold.parse(threshold.th())).isEqualTo(threshold);
            assertThat(threshold.th()).matches("0|[0-9a-f]*[1-9a-f]");
        }
    }

    @Test
    void probabilityRoundTrips_withinHalfAUnit() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            double probability = random.nextDouble(0.5, 1) * Math.pow(2, -random.nextInt(50));
            BigDecimal exact = new BigDecimal(probability).multiply(new BigDecimal(BigInteger.ONE.shiftLeft(56)));
            long kept = (1L << 56) - Threshold.ofProbability(probability).value();

            assertThat(exact.subtract(BigDecimal.valueOf(kept)).abs()).isLessThanOrEqualTo(new BigDecimal("0.5"));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "8, 2", "c, 4", "fd70a, 99.99771123402633"})
    void adjustedCount(String th, double count) {
        assertThat(Threshold.parse(th).adjustedCount()).isEqualTo(count, within(1e-9));
        assertThat(Threshold.parse(th).probability()).isEqualTo(1 / count, within(1e-12));
    }

    @Test
    void adjustedCountOfNever_isInfinite() {
        assertThat(Threshold.NEVER.adjustedCount()).isInfinite();
        assertThat(Threshold.NEVER.probability()).isZero();
    }

    @Test
    void randomnessAtTheThreshold_isKept() {
        Threshold half = Threshold.ofProbability(0.5);

        assertThat(half.keeps(0x80000000000000L)).isTrue();
        assertThat(half.keeps(0x7fffffffffffffL)).isFalse();
        assertThat(Threshold.ALWAYS.keeps(0)).isTrue();
        assertThat(Threshold.NEVER.keeps((1L << 56) - 1)).isFalse();
    }

    /** Incoming, randomness, decided → what the span leaves with. "-" is unknown. */
    @ParameterizedTest
    @CsvSource({"-, 0, 0, 0", "-, c, 8, 8", "0, 0, 0, 0", "8, c, 0, 8", "8, c, 8, 8", "8, c, c, c", "c, c, 8, c",
            "8, 7, 0, -", "8, 7, 4, -", "0, 0, -, -", "8, c, -, -", "-, c, -, -"})
    void equalizing(String incoming, String randomness, String decided, String outgoing) {
        assertThat(Threshold.equalized(orNull(incoming), orNull(randomness).value(), orNull(decided)))
                .isEqualTo(orNull(outgoing));
    }

    private static Threshold orNull(String th) {
        return th.equals("-") ? null : Threshold.parse(th);
    }

    @Test
    void orderIsThatOfStrictness() {
        Threshold half = Threshold.ofProbability(0.5);
        Threshold quarter = Threshold.ofProbability(0.25);

        assertThat(new TreeSet<>(List.of(Threshold.NEVER, quarter, half, Threshold.ALWAYS)))
                .containsExactly(Threshold.ALWAYS, half, quarter, Threshold.NEVER);
        assertThat(half.max(quarter)).isEqualTo(quarter);
        assertThat(quarter.max(half)).isEqualTo(quarter);
    }
}
