package dev.tailsampling.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as options name them: 2026-05-01T12:00:00Z, 2026-05-01 (midnight UTC), or -7d (so long ago). */
final class TimeOption {

    private static final Pattern AGO = Pattern.compile("-(\\d{1,9})([smhdw])");

    private TimeOption() {}

    /**
     * The time that a text names, in whole milliseconds.
     *
     * @param option the option's name, for the message
     * @throws UsageException if the text names none
     */
    static Instant parse(String option, String text, Instant now) {
        try {
            Matcher ago = AGO.matcher(text);
            Instant time = ago.matches()
                    ? now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))))
                    : absolute(text);
            return Instant.ofEpochMilli(time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw new UsageException(option + " is a time like 2026-05-01T12:00:00Z, a date like 2026-05-01, or so "
                    + "long ago, like -7d or -2h: " + text);
        }
    }

    private static Instant absolute(String text) {
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }
}
