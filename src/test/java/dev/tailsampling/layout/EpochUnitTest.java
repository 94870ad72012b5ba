package dev.tailsampling.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EpochUnitTest {

    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static BigInteger nanos(EpochUnit unit) {
        return BigInteger.valueOf(switch (unit) {
            case NS -> 1;
            case US -> 1_000;
            case MS -> 1_000_000;
            case S -> 1_000_000_000;
        });
    }

    private static long held(BigInteger value) {
        return value.max(LEAST).min(GREATEST).longValueExact();
    }

    @ParameterizedTest
    @EnumSource
    void conversionsAreExactOrHeldAtTheEnds(EpochUnit unit) {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            BigInteger nanos = BigInteger.valueOf(value).multiply(nanos(unit));
            BigInteger[] millis = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000));
            BigInteger floor = millis[1].signum() < 0 ? millis[0].subtract(BigInteger.ONE) : millis[0];

            assertThat(unit.toNanos(value)).as("seed 5, %s %s", value, unit).isEqualTo(held(nanos));
            assertThat(unit.toMillis(value)).as("seed 5, %s %s", value, unit).isEqualTo(held(floor));
        }
    }

    @Test
    void theEndsAreHeld() {
        assertThat(EpochUnit.S.toMillis(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(EpochUnit.S.toNanos(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(EpochUnit.MS.toNanos(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"LONG, S", "INT, S", "TIMESTAMP, US", "TIMESTAMPTZ, US", "TIMESTAMP_NS, NS", "TIMESTAMPTZ_NS, NS"})
    void timestampsHaveAUnitOfTheirOwn(ColumnType type, EpochUnit unit) {
        assertThat(EpochUnit.of(type, EpochUnit.S)).isEqualTo(unit);
        assertThat(type.isTimestamp()).isEqualTo(unit != EpochUnit.S);
    }
}
