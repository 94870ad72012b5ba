package dev.tailsampling.cli;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** When spans arrived, told by an attribute, or else by their own times. */
final class ArrivalTime {

    private static final double FIRST_MICROS = 1e14;
    private static final double FIRST_NANOS = 1e17;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final @Nullable AttributeKey key;

    ArrivalTime(@Nullable String attribute) {
        this.key = attribute == null ? null : AttributeKey.of(attribute);
    }

    /** Milliseconds since the epoch; 0 for a span without any time. */
    long millis(SpanView span) {
        AttributeValue value = key == null ? null : span.attributes().get(key);
        if (key != null && value == null) {
            value = span.resource().get(key);
        }
        return value == null ? ownMillis(span) : millis(value);
    }

    private static long ownMillis(SpanView span) {
        return Math.max(span.startUnixNano(), span.endUnixNano()) / NANOS_PER_MILLI;
    }

    private long millis(AttributeValue value) {
        return switch (value) {
            case LongValue number -> scaled(number.value());
            case DoubleValue number -> scaled(number.value());
            case StringValue text -> parse(text.value());
            default -> throw unreadable(value);
        };
    }

    private long parse(String text) {
        try {
            return scaled(Double.parseDouble(text));
        } catch (NumberFormatException notANumber) {
            try {
                return Instant.parse(text).toEpochMilli();
            } catch (DateTimeParseException notATime) {
                throw unreadable(new StringValue(text));
            }
        }
    }

    private static long scaled(double number) {
        double unit = number >= FIRST_NANOS ? 1e6 : number >= FIRST_MICROS ? 1e3 : 1;
        return (long) Math.floor(number / unit);
    }

    private CommandException unreadable(AttributeValue value) {
        return new CommandException("the arrival attribute " + key + " is neither a number nor an ISO 8601 time: "
                + value);
    }
}
