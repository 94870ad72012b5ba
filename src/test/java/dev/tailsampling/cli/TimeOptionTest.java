package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeOptionTest {

    private static final Instant NOW = Instant.parse("2026-05-10T12:30:00.123456789Z");

    @ParameterizedTest
    @CsvSource({"2026-05-01, 2026-05-01T00:00:00Z", "2026-05-01T12:00:00Z, 2026-05-01T12:00:00Z",
            "2026-05-01T12:00:00.0019+02:00, 2026-05-01T10:00:00.001Z", "-7d, 2026-05-03T12:30:00.123Z",
            "-2h, 2026-05-10T10:30:00.123Z", "-30m, 2026-05-10T12:00:00.123Z", "-1s, 2026-05-10T12:29:59.123Z",
            "-2w, 2026-04-26T12:30:00.123Z", "-0s, 2026-05-10T12:30:00.123Z"})
    void timesAreNamedInThreeWays(String text, Instant expected) {
        assertThat(TimeOption.parse("--from", text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "7d", "-7y", "-d", "2026-13-01", "2026-05-01T12:00:00", "1767268800",
            "-9999999999d"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> TimeOption.parse("--from", text, NOW)).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--from is a time like").hasMessageEndingWith(": " + text);
    }

    @Test
    void theDistantPastIsATimeToo() {
        assertThat(TimeOption.parse("--from", "-30000d", NOW)).isBefore(Instant.EPOCH);
    }
}
