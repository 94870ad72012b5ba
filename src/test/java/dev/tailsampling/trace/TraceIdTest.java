package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {

    @Test
    void hexRoundTrips() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            TraceId id = new TraceId(random.nextLong(), random.nextLong());

            assertThat(TraceId.parse(id.hex())).isEqualTo(id);
            assertThat(id.hex()).hasSize(32).isLowerCase().isEqualTo(id.toString());
        }
    }

    @Test
    void eitherCase_isRead() {
        assertThat(TraceId.parse("0AF7651916CD43DD8448EB211C80319C"))
                .isEqualTo(new TraceId(0x0af7651916cd43ddL, 0x8448eb211c80319cL));
    }

    @Test
    void shortId_isPaddedOnTheLeft() {
        assertThat(TraceId.parse("8448eb211c80319c").hex()).isEqualTo("00000000000000008448eb211c80319c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0af7651916cd43dd8448eb211c80319", "0af7651916cd43dd8448eb211c80319cc",
            "0af7651916cd43dd8448eb211c80319g", "0af7651916cd43d-", "٣af7651916cd43dd8448eb211c80319c"})
    void otherText_isRefused(String hex) {
        assertThatIllegalArgumentException().isThrownBy(() -> TraceId.parse(hex));
    }

    @Test
    void orderIsThatOfTheHexText() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000; i++) {
            TraceId one = new TraceId(random.nextLong(-2, 2), random.nextLong());
            TraceId other = new TraceId(random.nextLong(-2, 2), random.nextLong());

            assertThat(Integer.signum(one.compareTo(other)))
                    .isEqualTo(Integer.signum(one.hex().compareTo(other.hex())));
        }
    }

    @Test
    void zero() {
        assertThat(new TraceId(0, 0).isZero()).isTrue();
        assertThat(new TraceId(1, 0).isZero()).isFalse();
        assertThat(new TraceId(0, Long.MIN_VALUE).isZero()).isFalse();
    }
}
