package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomnessTest {

    @ParameterizedTest
    @CsvSource({
            "00000000000000000000000000000000, 0",
            "ffffffffffffffff0000000000000000, 0",
            "0000000000000000ff00000000000000, 0",
            "000000000000000000ffffffffffffff, ffffffffffffff",
            "000000000000000000aa000000000000, aa000000000000",
            "abababababababababd29d6a7215ced0, d29d6a7215ced0"})
    void ofATraceId_isTheLow56Bits(String traceId, String randomness) {
        assertThat(Randomness.ofTraceId(TraceId.parse(traceId).low())).isEqualTo(Long.parseLong(randomness, 16));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ot=rv:00000000000000              | 0
            ot=rv:ffffffffffffff              | ffffffffffffff
            ot=th:8;rv:12341234123412         | 12341234123412
            ot=rv:12341234123412;th:8         | 12341234123412
            ot=x:y;rv:abcdefabcdefab;z:       | abcdefabcdefab
            vendor=1,ot=rv:00000000000001     | 1
            vendor=1 , ot=rv:00000000000001 ,x=y | 1
            """)
    void explicitValue_isFound(String traceState, String randomness) {
        assertThat(Randomness.explicit(traceState)).isEqualTo(Long.parseLong(randomness, 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ot=", "ot=th:8", "vendor=rv:12341234123412", "ot=rv:1", "ot=rv:123412341234123",
            "ot=rv:1234123412341", "ot=rv:ABCDEFABCDEFAB", "ot=rv:abcdefgabcdefg", "ot=rv: 2341234123412",
            "ot=rv:+2341234123412", "ot=xrv:12341234123412", "xot=rv:12341234123412", "ot= rv:12341234123412",
            "ot=rv:٣٣٣٣٣٣٣٣٣٣٣٣٣٣", ",,,", "="})
    void otherTraceState_hasNone(String traceState) {
        assertThat(Randomness.explicit(traceState)).isEqualTo(Randomness.NONE);
    }

    /** The specification makes both unique; of two the first counts. */
    @Test
    void secondEntry_isNotLookedAt() {
        assertThat(Randomness.explicit("ot=th:8,ot=rv:12341234123412")).isEqualTo(Randomness.NONE);
        assertThat(Randomness.explicit("ot=rv:1;rv:12341234123412")).isEqualTo(Randomness.NONE);
    }
}
