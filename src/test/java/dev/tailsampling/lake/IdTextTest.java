package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids in every spelling are read alike, and what is no id is told. */
class IdTextTest {

    private final IdText id = new IdText();

    private boolean read(String text) {
        byte[] bytes = ("xy" + text + "z").getBytes(StandardCharsets.ISO_8859_1);
        return id.ofText(bytes, 2, text.length());
    }

    @Test
    void everySpellingIsRead() {
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            UUID expected = new UUID(random.nextLong(), random.nextLong());
            long high = expected.getMostSignificantBits();
            long low = expected.getLeastSignificantBits();
            byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            String hex = HexFormat.of().formatHex(bytes);

            for (String text : new String[]{hex, hex.toUpperCase(Locale.ROOT), expected.toString(),
                    Base64.getEncoder().encodeToString(bytes)}) {
                assertThat(read(text)).as(text).isTrue();
                assertThat(id.high()).as(text).isEqualTo(high);
                assertThat(id.low()).as(text).isEqualTo(low);
            }
            assertThat(id.ofBytes(bytes, 0, 16)).isTrue();
            assertThat(id.high()).isEqualTo(high);
            assertThat(read(hex.substring(16))).isTrue();
            assertThat(id.high()).isZero();
            assertThat(id.low()).isEqualTo(low);
        }
    }

    @Test
    void onlyHexDigitsAreHexDigits() {
        for (int place = 0; place < 32; place++) {
            for (char c = 0; c < 256; c++) {
                StringBuilder text = new StringBuilder("0123456789abcdefABCDEF0123456789");
                text.setCharAt(place, c);

                assertThat(read(text.toString())).as("%s at %s", (int) c, place)
                        .isEqualTo(HexFormat.isHexDigit(c));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0123456789abcde", "not an id", "0123456789abcdef0123456789abcdeg",
            "00000000-0000-0000-0000-00000000000g", "-00000000000-0000-0000-000000000012",
            "AAAA", "0123456789abcdef0123456789abcdef00"})
    void whatIsNoIdIsTold(String text) {
        assertThat(read(text)).isFalse();
        assertThat(id.high() | id.low()).isZero();
    }

    @Test
    void noBytesAreNoId() {
        assertThat(read("")).isTrue();
        assertThat(id.ofBytes(new byte[0], 0, 0)).isTrue();
        assertThat(id.high() | id.low()).isZero();
        assertThat(id.ofBytes(new byte[7], 0, 7)).isFalse();
    }
}
