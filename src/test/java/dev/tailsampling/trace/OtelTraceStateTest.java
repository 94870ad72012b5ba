package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtelTraceStateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            th:2                                | 2              | -              | -
            th:0                                | 0              | -              | -
            th:abcdefabcdefab                   | abcdefabcdefab | -              | -
            th:1000                             | 1000           | -              | -
            rv:22222222222222                   | -              | 22222222222222 | -
            th:8;rv:12341234123412              | 8              | 12341234123412 | -
            rv:12341234123412;th:8              | 8              | 12341234123412 | -
            extra:stuff;th:2                    | 2              | -              | extra:stuff
            e100:100;th:1;e101:101              | 1              | -              | e100:100;e101:101
            x:                                  | -              | -              | x:
            x:0X1FFF;y:.-_-.;z:                 | -              | -              | x:0X1FFF;y:.-_-.;z:
            thx:1;rvx:2;t:3                     | -              | -              | thx:1;rvx:2;t:3
            th:1;th:2                           | 2              | -              | -
            """)
    void wellFormedEntry_isRead(String value, String th, String rv, String others) {
        OtelTraceState parsed = OtelTraceState.parse(value);

        assertThat(parsed.isValid()).isTrue();
        assertThat(parsed.isEmpty()).isFalse();
        assertThat(parsed.th()).isEqualTo(th);
        assertThat(parsed.rv()).isEqualTo(rv);
        assertThat(parsed.threshold()).isEqualTo(th == null ? null : Threshold.parse(th));
        assertThat(parsed.randomness()).isEqualTo(rv == null ? Randomness.NONE : Randomness.parse(rv));
        assertThat(parsed.otherFields()).isEqualTo(others == null ? List.of() : List.of(others.split(";")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", ":", ":;:", "th:1;", ";th:1", "th:1;;x:1", "th", "th:1=p:2", "th:1;p:2=s:3",
            ":1;p:2=s:3", "th:;p=1", "th:$", "th:0x1p+3", "1:1;u:V", "X:1;u:V", "xY:1", "x_y:1", "x:1;", "th: 1",
            " th:1", "th:1 ", "x:a:b", "x:é", "é:1", "x:1,y:2"})
    void nothingIsLeftOfASyntaxError(String value) {
        OtelTraceState parsed = OtelTraceState.parse(value);

        assertThat(parsed.isValid()).isFalse();
        assertThat(parsed.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rv:3;p:2                        | p:2
            th:100000000000000;p:2          | p:2
            th:ffffffffffffffff             | ''
            th:14.5;rv:12341234123412       | rv:12341234123412
            th:-1;x:y                       | x:y
            th:;th:8                        | th:8
            th:AB                           | ''
            rv:ABCDEFABCDEFAB;th:8          | th:8
            rv:abcdefgabcdefg               | ''
            rv:;th:c                        | th:c
            rv:1;rv:12341234123412          | rv:12341234123412
            """)
    void badDigits_areLeftOutAlone(String value, String rest) {
        assertThat(OtelTraceState.parse(value).isValid()).isFalse();
        assertThat(OtelTraceState.parse(value).text()).isEqualTo(rest);
    }

    @Test
    void anEntryHas256CharactersAtMost() {
        assertThat(OtelTraceState.parse("x:" + "_".repeat(254)).isValid()).isTrue();
        assertThat(OtelTraceState.parse("x:" + "_".repeat(255)).isValid()).isFalse();
        assertThat(OtelTraceState.parse("th:8;x:" + "_".repeat(255)).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"rv:10000000000000;th:3;a:b;c:d, rv:10000000000000;th:3;a:b;c:d", "th:0, th:0",
            "a:b;th:1234;rv:12341234123412;c:d, rv:12341234123412;th:1234;a:b;c:d"})
    void writtenInOneOrder(String value, String text) {
        assertThat(OtelTraceState.parse(value).text()).isEqualTo(text);
    }

    @Test
    void anEmptyEntryIsValidAndHasNoText() {
        assertThat(OtelTraceState.EMPTY.isValid()).isTrue();
        assertThat(OtelTraceState.EMPTY.isEmpty()).isTrue();
        assertThat(OtelTraceState.EMPTY.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"th:8, e, th:e", "th:0, f, th:f", "th:8, 8, th:8", "th:80, 8, th:8", "th:0, 0, th:0",
            "th:555, aab, th:aab", "rv:abcdefabcdefab, 3, rv:abcdefabcdefab;th:3", "a:b, 0, th:0;a:b",
            "th:0, ffffffffffffff, th:ffffffffffffff"})
    void aThresholdCanBeRaised(String value, String th, String text) {
        assertThat(OtelTraceState.parse(value).raisedTo(Threshold.parse(th)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"th:8, 0", "th:8, 2", "th:f, 8", "th:80000000000001, 8"})
    void aThresholdCannotBeLowered(String value, String th) {
        OtelTraceState present = OtelTraceState.parse(value);

        assertThatIllegalArgumentException().isThrownBy(() -> present.raisedTo(Threshold.parse(th)))
                .withMessageContaining("cannot lower the threshold from " + present.th() + " to " + th);
    }

    @Test
    void aThresholdCanBeErased() {
        assertThat(OtelTraceState.parse("a:b;rv:12341234123412;th:8").withoutThreshold().text())
                .isEqualTo("rv:12341234123412;a:b");
        assertThat(OtelTraceState.parse("th:8").withoutThreshold()).isEqualTo(OtelTraceState.EMPTY);
    }

    /** What is read can be written and read again, and any text at all is read without an exception. */
    @Test
    void anyTextIsReadAndWhatIsReadRoundTrips() {
        SplittableRandom random = new SplittableRandom(4);
        int wellFormed = 0;
        for (int i = 0; i < 50_000; i++) {
            String value = RandomTraceState.otel(random);
            OtelTraceState parsed = OtelTraceState.parse(value);
            if (!parsed.isEmpty()) {
                OtelTraceState again = OtelTraceState.parse(parsed.text());
                assertThat(again.isValid()).as(value).isTrue();
                assertThat(again.text()).as(value).isEqualTo(parsed.text());
            }
            wellFormed += parsed.isValid() ? 1 : 0;
        }
        assertThat(wellFormed).isBetween(10_000, 45_000);
    }
}
