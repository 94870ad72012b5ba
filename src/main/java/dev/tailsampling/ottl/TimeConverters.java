package dev.tailsampling.ottl;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.ToLongFunction;

/** Functions of times, which are in UTC, and of durations. */
final class TimeConverters {

    private static final Parameter<Duration> DURATION = Parameter.of("duration", Kinds::duration);
    private static final Parameter<Instant> TIME = Parameter.of("time", Kinds::time);
    private static final double NANOS_PER_SECOND = 1e9;

    static final List<Converter> ALL = List.of(
            Converter.of("Duration", Parameter.of("duration", Kinds::string), GoNumbers::parseDuration),
            Converter.of("Hours", DURATION, duration -> seconds(duration) / 3600),
            Converter.of("Minutes", DURATION, duration -> seconds(duration) / 60),
            Converter.of("Seconds", DURATION, TimeConverters::seconds),
            inUnits("Milliseconds", ChronoUnit.MILLIS),
            inUnits("Microseconds", ChronoUnit.MICROS),
            inUnits("Nanoseconds", ChronoUnit.NANOS),
            Converter.of("Unix", Parameter.of("seconds", Kinds::integer),
                    Parameter.optionalLiteral("nanoseconds", Kinds::integer, 0L), TimeConverters::unix),
            sinceEpoch("UnixSeconds", ChronoUnit.SECONDS),
            sinceEpoch("UnixMilli", ChronoUnit.MILLIS),
            sinceEpoch("UnixMicro", ChronoUnit.MICROS),
            sinceEpoch("UnixNano", ChronoUnit.NANOS),
            field("Year", OffsetDateTime::getYear),
            field("Month", OffsetDateTime::getMonthValue),
            field("Day", OffsetDateTime::getDayOfMonth),
            // Go counts from Sunday, which is 0.
            field("Weekday", time -> time.getDayOfWeek().getValue() % 7),
            field("Hour", OffsetDateTime::getHour),
            field("Minute", OffsetDateTime::getMinute),
            field("Second", OffsetDateTime::getSecond),
            field("Nanosecond", OffsetDateTime::getNano));

    private TimeConverters() {}

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / NANOS_PER_SECOND;
    }

    private static Instant unix(long seconds, long nanoseconds) {
        try {
            return Instant.ofEpochSecond(seconds, nanoseconds);
        } catch (DateTimeException | ArithmeticException e) {
            throw new EvaluationException("a time out of range");
        }
    }

    private static Converter inUnits(String name, ChronoUnit unit) {
        return Converter.of(name, DURATION, duration -> duration.dividedBy(unit.getDuration()));
    }

    private static Converter sinceEpoch(String name, ChronoUnit unit) {
        return Converter.of(name, TIME, time -> {
            try {
                return unit.between(Instant.EPOCH, time);
            } catch (ArithmeticException e) {
                throw new EvaluationException("a time out of range");
            }
        });
    }

    private static Converter field(String name, ToLongFunction<OffsetDateTime> field) {
        return Converter.of(name, TIME, time -> field.applyAsLong(time.atOffset(ZoneOffset.UTC)));
    }
}
