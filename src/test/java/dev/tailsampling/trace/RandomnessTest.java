package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

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
    @ValueSource(strings = {"12341234123412", "abcdefabcdefab", "00000000000000", "ffffffffffffff", "00000000000001"})
    void explicitValue_isReadAndWritten(String rv) {
        assertThat(Randomness.parse(rv)).isEqualTo(Long.parseLong(rv, 16));
        assertThat(Randomness.hex(Randomness.parse(rv))).isEqualTo(rv);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "123412341234120", "1234123412341", "abcdefgabcdefg", "ABCDEFABCDEFAB",
            " 2341234123412", "+2341234123412", "0x123412341234", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣"})
    void otherText_isNoRandomness(String rv) {
        assertThat(Randomness.parse(rv)).isEqualTo(Randomness.NONE);
    }
}
