package dev.tailsampling.cli;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When spans arrived, told by an attribute, or else by their own times. */
final class ArrivalTime {

    private static final long FIRST_MICROS = 100_000_000_000_000L;
    private static final long FIRST_NANOS = 100_000_000_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final @Nullable AttributeKey key;

    ArrivalTime(@Nullable String attribute) {
        this.key = attribute == null ? null : AttributeKey.of(attribute);
    }

    /**
     * Milliseconds since the epoch; 0 for a span without any time.
     *
     * @throws CommandException if the attribute is there, but no time
     */
    long millis(SpanView span) {
        AttributeValue value = key == null ? null : span.attributes().get(key);
        if (key != null && value == null) {
            value = span.resource().get(key);
        }
        return switch (value) {
            case null -> ownMillis(span);
            case LongValue number -> scaled(number.value());
            case DoubleValue number when Double.isFinite(number.value()) ->
                scaled(number.value());
            case StringValue text -> parse(text.value(), span);
            default -> throw unreadable(value.toString(), span);
        };
    }

    private static long ownMillis(SpanView span) {
        return Math.max(span.startUnixNano(), span.endUnixNano()) / NANOS_PER_MILLI;
    }

    private long parse(String text, SpanView span) {
        try {
            return scaled(Long.parseLong(text));
        } catch (NumberFormatException notWhole) {
            return parseFraction(text, span);
        }
    }

    private long parseFraction(String text, SpanView span) {
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return scaled(number);
            }
        } catch (NumberFormatException notANumber) {
            // Then it is a time, or nothing.
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException notATime) {
            throw unreadable('"' + text + '"', span);
        }
    }

    /** Apart from the doubles, which may take a full millisecond in nanoseconds for the one before. */
    private static long scaled(long number) {
        return number / unit(number);
    }

    private static long scaled(double number) {
        return (long) Math.floor(number / unit(number));
    }

    private static long unit(double number) {
        return number >= FIRST_NANOS ? NANOS_PER_MILLI : number >= FIRST_MICROS ? 1000 : 1;
    }

    private CommandException unreadable(String value, SpanView span) {
        return new CommandException("the arrival attribute " + key + " is neither a number nor an ISO 8601 time: "
                + value + String.format(Locale.ROOT, " on span %016x of trace ", span.spanId()) + span.traceId());
    }
}
