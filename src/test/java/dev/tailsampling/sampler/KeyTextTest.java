package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.BytesValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.EmptyValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts were printed by Go. */
class KeyTextTest {

    @ParameterizedTest
    @CsvSource({"2, 2, 2", "-42, -42, -42", "3.14, 3.14, 3.14", "0, 0, 0", "-0.0, -0, -0", "100000, 100000, 100000",
            "999999, 999999, 999999", "1e6, 1000000, 1e+06", "1234567, 1234567, 1.234567e+06",
            "123456789, 123456789, 1.23456789e+08", "1e20, 100000000000000000000, 1e+20",
            "1.5e21, 1500000000000000000000, 1.5e+21", "1e-4, 0.0001, 0.0001", "1e-5, 0.00001, 1e-05",
            "-1.25e-5, -0.0000125, -1.25e-05", "1e100, 1" + "0000000000" + "0000000000" + "0000000000" + "0000000000"
                    + "0000000000" + "0000000000" + "0000000000" + "0000000000" + "0000000000" + "0000000000, 1e+100"})
    void doubles(double value, String onSpans, String onRoots) {
        assertThat(KeyText.ofSpanValue(new DoubleValue(value))).isEqualTo(onSpans);
        assertThat(KeyText.ofRootValue(new DoubleValue(value))).isEqualTo(onRoots);
    }

    @Test
    void numbersThatAreNone() {
        assertBoth(new DoubleValue(Double.NaN), "NaN");
        assertBoth(new DoubleValue(Double.POSITIVE_INFINITY), "+Inf");
        assertBoth(new DoubleValue(Double.NEGATIVE_INFINITY), "-Inf");
    }

    @Test
    void otherValues() {
        assertBoth(new StringValue("café ñoño 🚀"), "café ñoño 🚀");
        assertBoth(new BoolValue(true), "true");
        assertBoth(new LongValue(Long.MIN_VALUE), "-9223372036854775808");
        assertBoth(new EmptyValue(), "<nil>");
        assertBoth(new BytesValue(new byte[]{1, -1}), "[1 255]");
    }

    @Test
    void valuesOfValues() {
        assertBoth(new ListValue(List.of(new LongValue(1), new DoubleValue(1e6), new StringValue("a"), new EmptyValue(),
                new ListValue(List.of(new BoolValue(true))))), "[1 1e+06 a <nil> [true]]");
        assertBoth(new MapValue(List.of(new MapValue.Entry("b", new LongValue(1)),
                new MapValue.Entry("a", new MapValue(List.of(new MapValue.Entry("x", new DoubleValue(1e21))))))),
                "map[a:map[x:1e+21] b:1]");
    }

    private static void assertBoth(AttributeValue value, String expected) {
        assertThat(KeyText.ofSpanValue(value)).isEqualTo(expected);
        assertThat(KeyText.ofRootValue(value)).isEqualTo(expected);
    }
}
