package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of cycles as text and in memory. */
class CycleNumbersTest {

    @Test
    void numbersOfManyCyclesAreShort() {
        assertThat(CycleNumbers.of(List.of()).text()).isEmpty();
        assertThat(CycleNumbers.of(List.of(7L)).text()).isEqualTo("7");
        assertThat(CycleNumbers.of(List.of(1L, 2L, 3L, 5L, 8L, 9L)).text()).isEqualTo("1-3,5,8-9");
        for (String text : List.of("", "7", "1-3,5,8-9")) {
            assertThat(CycleNumbers.parse(text).text()).isEqualTo(text);
        }
        assertThat(CycleNumbers.parse("4,5,6")).as("as earlier releases wrote it").containsExactly(4L, 5L, 6L);
        assertThat(CycleNumbers.parse("4,5,6").text()).isEqualTo("4-6");
    }

    @Test
    void anyNumbersAreTheListTheyCameFrom() {
        Random random = new Random(20261126);
        for (int round = 0; round < 200; round++) {
            List<Long> numbers = new ArrayList<>();
            long next = 0;
            for (int i = random.nextInt(40); i > 0; i--) {
                next += 1 + random.nextInt(2) * random.nextInt(1_000);
                numbers.add(next);
            }
            CycleNumbers ranges = CycleNumbers.of(numbers);
            assertThat(ranges).as("round %d", round).isEqualTo(numbers).hasSameHashCodeAs(numbers);
            assertThat(CycleNumbers.parse(ranges.text())).as("round %d", round).isEqualTo(numbers);
        }
    }

    /** As lists of numbers these would be gigabytes. */
    @Test
    void theHistoryOfALongOutageFitsIntoMemory() {
        List<LoggedCycle> history = new ArrayList<>();
        for (long cycle = 2; cycle <= 50_000; cycle++) {
            history.add(new LoggedCycle("otel.spans", cycle, "id", "run", "v1", SourceCursor.START,
                    SourceOffsets.NONE, CycleNumbers.parse("1-" + (cycle - 1))));
        }

        assertThat(history.getLast().unconfirmedExports()).hasSize(49_999).endsWith(49_998L, 49_999L);
        assertThat(history).allMatch(cycle -> cycle.unconfirmedExports().getLast() == cycle.cycle() - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-", "1,,2", "3-1"})
    void whatIsNotOfThatFormIsRefused(String text) {
        assertThatThrownBy(() -> CycleNumbers.parse(text)).isInstanceOf(NumberFormatException.class);
    }
}
