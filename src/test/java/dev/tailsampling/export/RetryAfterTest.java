package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "0 | PT0S",
            "120 | PT2M",
            "999999999 | PT999999999S",
            "99999999999999999999999 | PT2147483647S",
            "Thu, 01 Jan 2026 12:01:00 GMT | PT1M",
            "Thu, 1 Jan 2026 12:01:00 GMT | PT1M",
            "Thu, 01 Jan 2026 11:00:00 GMT | PT0S",
            "Wed, 21 Oct 2015 07:28:00 GMT | PT0S"})
    void readsSecondsAndDates(String value, Duration wait) {
        assertThat(RetryAfter.parse(value, NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5", "soon", "٣", "2026-01-01T12:01:00Z", "Fri, 01 Jan 2026 12:01:00 GMT",
            "Thursday, 01-Jan-26 12:01:00 GMT"})
    void ignoresAnythingElse(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }
}
