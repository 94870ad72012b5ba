package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            ot=th:1|ot=th:1
             ot=th:1 |ot=th:1
             ot=th:1,other=value |ot=th:1,other=value
            ,,,|''
             , ot=th:1, , other=value |ot=th:1,other=value
            other=value,ot=th:1|ot=th:1,other=value
            ot=th:100;rv:abcdabcdabcdff |ot=rv:abcdabcdabcdff;th:100
            ot=rv:ffffffffffffff,unknown=value,other=something|ot=rv:ffffffffffffff,unknown=value,other=something
            vendor1=1,vendor2=2|vendor1=1,vendor2=2
            a=1,a=2|a=1,a=2
            tenant@system=value|tenant@system=value
            0tenant@system=value|0tenant@system=value
            a_b-c*d/e=v|a_b-c*d/e=v
            key= a b |key= a b
            key=~!"<>@:;|key=~!"<>@:;
            ot=th:1,ot=th:2|ot=th:2
            ott=th:1|ott=th:1
            """)
    void wellFormedHeader_isReadAndWritten(String header, String written) {
        assertThat(TraceState.parse(header).header()).isEqualTo(written);
        assertThat(TraceState.parse(written)).isEqualTo(TraceState.parse(header));
    }

    @Test
    void whiteSpaceIsTabsToo() {
        assertThat(TraceState.parse("\t a=b\t,\tc=d").otherMembers()).containsExactly("a=b", "c=d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1=2", "=", "=value", "KEY=value", "key=", "key= ", "1abc=value", "@system=value",
            "tenant@=value", "tenant@1system=v", "a@b@c=v", "_@b=v", "key=val\u0000ue", "key=val\u001fue",
            "key\u0000=v",
            "key=value\u007f", "a b=value", "key=a=b", "key", "key=é", "key=v\n", "key\t=v", "ot=", "ot=th:1;",
            "ot=rv:3;p:2", "ot=th:8,other", "ot=th:8,KEY=1", "ot=not_a_valid_key$", "ot =th:8"})
    void malformedHeader_isNotRead(String header) {
        assertThat(TraceState.parse(header)).isNull();
        assertThat(TraceState.otel(header)).isEqualTo(OtelTraceState.EMPTY);
    }

    static List<String> largest() {
        return List.of("x".repeat(256) + "=v", "x".repeat(241) + "@y=v", "y@" + "x".repeat(14) + "=v",
                "x=" + "y".repeat(256), "x=y,".repeat(31) + "x=y", members(1024));
    }

    @ParameterizedTest
    @MethodSource("largest")
    void headersUpToTheLimits_areRead(String header) {
        assertThat(TraceState.parse(header)).isNotNull();
    }

    static List<String> tooLarge() {
        return List.of("x".repeat(257) + "=v", "x".repeat(242) + "@y=v", "y@" + "x".repeat(15) + "=v",
                "x=" + "y".repeat(257), "x=y,".repeat(32) + "x=y", members(1025), ",".repeat(32),
                "ot=x:" + "y".repeat(255));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void headersBeyondTheLimits_areNotRead(String header) {
        assertThat(TraceState.parse(header)).isNull();
    }

    private static String members(int length) {
        String four = ("k=" + "v".repeat(203) + ",").repeat(4);
        return four + "k=" + "v".repeat(length - four.length() - 2);
    }

    @Test
    void ourEntryIsFoundInAnyPlace() {
        assertThat(TraceState.otel("vendor=1 , ot=rv:00000000000001 ,x=y").randomness()).isEqualTo(1);
        assertThat(TraceState.otel("ot=th:8").threshold()).isEqualTo(Threshold.parse("8"));
        assertThat(TraceState.otel("vendor=rv:00000000000001")).isSameAs(OtelTraceState.EMPTY);
        assertThat(TraceState.otel("vendorot=th:8")).isEqualTo(OtelTraceState.EMPTY);
        assertThat(TraceState.otel("")).isSameAs(OtelTraceState.EMPTY);
    }

    @Test
    void anyTextIsReadAndWhatIsReadRoundTrips() {
        SplittableRandom random = new SplittableRandom(5);
        int wellFormed = 0;
        for (int i = 0; i < 50_000; i++) {
            String header = RandomTraceState.header(random);
            TraceState parsed = TraceState.parse(header);
            if (parsed != null) {
                assertThat(TraceState.parse(parsed.header())).as(header).isEqualTo(parsed);
                assertThat(TraceState.otel(header)).as(header).isEqualTo(parsed.ot());
                wellFormed++;
            }
        }
        assertThat(wellFormed).isBetween(10_000, 45_000);
    }
}
