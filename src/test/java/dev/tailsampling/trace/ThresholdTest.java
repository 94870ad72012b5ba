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
    void noProbability_keepsNothing() {
        assertThat(Threshold.ofProbability(0)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(-0.0)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(Double.MIN_VALUE)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(SMALLEST / 2)).as("rounded half up")
                .isEqualTo(new Threshold((1L << 56) - 1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void noProbabilityAtAll_isRefused(double probability) {
        assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(probability));
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
            double probability = random.nextDouble() * Math.pow(2, -random.nextInt(50));
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
