package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.TestSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalTimeTest {

    private static final long MILLIS = 1_700_000_000_001L;

    private final ArrivalTime arrival = new ArrivalTime("arrival");

    private long millis(AttributeValue value) {
        return arrival.millis(TestSpan.span().with("arrival", value));
    }

    @Test
    void unitsAreToldByTheirSize() {
        assertThat(millis(new LongValue(MILLIS))).isEqualTo(MILLIS);
        assertThat(millis(new LongValue(MILLIS * 1000 + 999))).isEqualTo(MILLIS);
        assertThat(millis(new DoubleValue(MILLIS + 0.5))).isEqualTo(MILLIS);
        assertThat(millis(new StringValue("2023-11-14T22:13:20.001Z"))).isEqualTo(MILLIS);
    }

    /** A double cannot tell nanoseconds of today from those 128 before and after. */
    @Test
    void nanosecondsAreExact() {
        assertThat(millis(new LongValue(MILLIS * 1_000_000))).isEqualTo(MILLIS);
        assertThat(millis(new StringValue(MILLIS + "000000"))).isEqualTo(MILLIS);
        assertThat(millis(new LongValue(MILLIS * 1_000_000 - 1))).isEqualTo(MILLIS - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "NaN", "Infinity"})
    void whatIsNoTimeIsRefusedAsItStands(String text) {
        assertThatThrownBy(() -> millis(new StringValue(text))).isInstanceOf(CommandException.class)
                .hasMessage("the arrival attribute arrival is neither a number nor an ISO 8601 time: \"" + text
                        + "\" on span 0000000000000001 of trace 00000000000000000000000000000001");
    }
}
