package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.trace.TraceId;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers that hash the trace's id; more vectors are in {@code SamplerCasesTest}. */
class HashSamplersTest {

    private static final TraceId ID = TraceId.parse("0102030405060708090a0b0c0d0e0f10");

    @Test
    void fnvHashesTheSaltThenTheId() {
        assertThat(new Fnv1a64Sampler("test-salt", 10).hash(ID)).isEqualTo(0x08ee52deda923930L);
        assertThat(new Fnv1a64Sampler("", 10).hash(ID)).isEqualTo(0xdbcf64d5420f4cadL)
                .isEqualTo(new Fnv1a64Sampler("default-hash-seed", 10).hash(ID));
    }

    /** The bounds were computed with Go's math/big, as the Collector does. */
    @ParameterizedTest
    @CsvSource({"0.001, 184467440737095", "0.1, 18446744073709551", "1, 184467440737095519", "5, 922337203685477631",
            "10, 1844674407370955263", "33, 6087425544324152319", "33.3, 6142765776545279999",
            "50, 9223372036854775807", "66.6, 12285531553090559999", "75, 13835058055282163711",
            "99.9, 18428297329635844095", "99.99999999999999, 18446744073709549567", "1e-17, 1", "1e-300, 0",
            "4.9e-324, 0"})
    void fnvBoundIsThatOfABinaryFloatOf64Bits(double percentage, String bound) {
        assertThat(Fnv1a64Sampler.bound(percentage / 100)).isEqualTo(Long.parseUnsignedLong(bound));
    }

    @Test
    void fnvKeepsNoneFrom0DownAndAllFrom100Up() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            TraceId id = new TraceId(random.nextLong(), random.nextLong());
            assertThat(new Fnv1a64Sampler("", 0).keeps(id)).isFalse();
            assertThat(new Fnv1a64Sampler("", -5).keeps(id)).isFalse();
            assertThat(new Fnv1a64Sampler("", 100).keeps(id)).isTrue();
            assertThat(new Fnv1a64Sampler("", 150).keeps(id)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 50, 90})
    void fnvKeepsItsShare(double percentage) {
        Fnv1a64Sampler sampler = new Fnv1a64Sampler("salt", percentage);
        SplittableRandom random = new SplittableRandom(7);
        int kept = 0;
        for (int i = 0; i < 100_000; i++) {
            kept += sampler.keeps(new TraceId(random.nextLong(), random.nextLong())) ? 1 : 0;
        }
        assertThat(kept / 1000.0).as("seed 7").isCloseTo(percentage, Offset.offset(0.5));
    }

    @Test
    void fnvRefusesWhatIsNoNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Fnv1a64Sampler("", Double.NaN))
                .withMessageContaining("sampling_percentage");
    }

    /** The ids and outcomes are those of Refinery's own test. */
    @ParameterizedTest
    @CsvSource({"abc123, false", "def456, true", "ghi789, false", "zyx987, false", "wvu654, false", "tsr321, false"})
    void sha1KeepsOneInTen(String id, boolean kept) {
        assertThat(new Sha1Sampler(10).keeps(id)).isEqualTo(kept);
    }

    @Test
    void sha1HashesTheIdAsLowerCaseText() {
        for (int rate = 2; rate < 40; rate++) {
            assertThat(new Sha1Sampler(rate).keeps(TraceId.parse("0AF7651916CD43DD8448EB211C80319C")))
                    .isEqualTo(new Sha1Sampler(rate).keeps("0af7651916cd43dd8448eb211c80319c"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -3})
    void sha1KeepsAllAtARateOfOneOrLess(int rate) {
        assertThat(new Sha1Sampler(rate).keeps(ID)).isTrue();
        assertThat(new Sha1Sampler(rate).keeps("wvu654")).isTrue();
    }

    @Test
    void sha1KeepsItsShare() {
        SplittableRandom random = new SplittableRandom(3);
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            kept += new Sha1Sampler(4).keeps(new TraceId(random.nextLong(), random.nextLong())) ? 1 : 0;
        }
        assertThat(kept / 20_000.0).as("seed 3").isCloseTo(0.25, Offset.offset(0.01));
    }
}
